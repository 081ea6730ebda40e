// A folder of immutable segments: what both levels of the feature cache are kept in.
//
//   settings.json         what the numbers are, for people
//   segment-NNNNN.npy     float32 values of many items, readable by numpy
//   segment-NNNNN.json    which item lies where, with a checksum each; written last: with it the segment
//   exists lock                  held (flock) by the process that builds
//
// Segments are never changed. One whose checksums do not hold is renamed to *.corrupt, and its items count as
// missing. One that a newer program wrote in a format that this one does not read is left as it is, and its
// items count as missing too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "worker/trainer/features/mapped_file.h"

namespace melsweep::features {

// One item's values, in a mapped segment that they keep mapped.
struct StoredMatrix {
  int rows = 0;
  int columns = 0;
  std::span<const float> values;  // [rows, columns]
  std::shared_ptr<const MappedFile> file;
};

// An item to be written.
struct NewMatrix {
  std::string key;
  int rows = 0;
  int columns = 0;
  std::vector<float> values;  // [rows, columns]
};

// How the items of a segment lie in its .npy file.
enum class SegmentLayout {
  kFlat,     // [values]: items of any shape, one after the other
  kStacked,  // [items, columns]: every item is one row, all of one length
};

// Not thread-safe. Any number of processes may read; the one that holds the lock (cache_lock.h) may append.
class SegmentStore {
 public:
  // description: what settings.json says. Touches no file.
  SegmentStore(std::filesystem::path folder, SegmentLayout layout, std::string description);

  const std::filesystem::path& folder() const { return folder_; }

  // Reads the indexes that appeared since the last call. A missing folder is an empty store.
  absl::Status refresh();

  // What of these keys the store lacks, without repeats, in the order given. The segments that hold the
  // others are mapped and their checksums verified, once each in the life of this object.
  absl::StatusOr<std::vector<std::string>> missing(std::span<const std::string> keys);

  // The items in the order asked for; NotFound names the first that the store lacks.
  absl::StatusOr<std::vector<StoredMatrix>> open(std::span<const std::string> keys);

  // Writes one segment, whole or not at all. Needs the lock. The errors name the file and the system's
  // reason.
  absl::Status append(std::span<const NewMatrix> items);

  // Deletes what killed writers left: data without an index, temporary files. Needs the lock.
  absl::Status remove_unfinished();

 private:
  struct Item {
    std::string key;
    std::size_t offset = 0;  // in values
    int rows = 0;
    int columns = 0;
    std::uint64_t checksum = 0;  // XXH3 of the values' bytes
    std::size_t size() const { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }
  };
  struct Segment {
    std::vector<std::size_t> shape;  // of the .npy file
    std::vector<Item> items;
    std::shared_ptr<const MappedFile> file;  // null until mapped and verified
    std::span<const float> values;           // all of the file's
  };
  struct Location {
    int segment = 0;
    std::size_t item = 0;
  };

  std::filesystem::path data_path(int number) const;
  std::filesystem::path index_path(int number) const;
  static std::string index_text(const Segment& segment);
  static absl::StatusOr<Segment> parse_index(const std::string& text);
  absl::StatusOr<int> next_number() const;
  absl::Status write_segment(int number, const Segment& segment, std::span<const NewMatrix> items) const;
  void add(int number, Segment segment);
  // Null where the store lacks the key or its segment turned out corrupt.
  absl::StatusOr<const Location*> find_verified(const std::string& key);
  // DataLoss where the file is not what its index says.
  absl::Status map_and_verify(int number, Segment& segment) const;
  void set_aside(int number);
  void forget(int number);

  std::filesystem::path folder_;
  SegmentLayout layout_;
  std::string description_;
  std::map<int, Segment> segments_;
  std::set<int> rejected_;  // set aside, or of a newer format: not to be looked at again
  std::unordered_map<std::string, Location> locations_;
};

}  // namespace melsweep::features
