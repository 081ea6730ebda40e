// The packets of an Ogg file that holds one stream and nothing else, by libogg.
#pragma once

#include <ogg/ogg.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace melsweep::vorbis {

struct OggPacket {
  std::span<const unsigned char> bytes;  // until the next one is taken
  std::int64_t position = -1;            // the granule position of a page's last packet; -1: none is given
  bool is_first = false;
  bool is_last = false;
};

// Not thread-safe.
class OggPackets {
 public:
  // A larger file is taken for one that cannot be read: it is all read at once.
  static constexpr std::int64_t kMaxBytes = std::int64_t{64} << 20;

  explicit OggPackets(const std::filesystem::path& path);
  ~OggPackets();
  OggPackets(const OggPackets&) = delete;
  OggPackets& operator=(const OggPackets&) = delete;

  // Of the last page, before any packet is taken: how long the stream says it is. -1 where there is none.
  // Whether that page is whole shows when its packets are taken.
  std::int64_t last_position() const;

  // None at the end, and from where the file cannot be read, is damaged, misses a page or holds anything but
  // further pages of the stream: whole() tells them apart.
  std::optional<OggPacket> next();

  // The packets came to their end, and so did the file.
  bool whole() const { return whole_; }

 private:
  enum class Page { kFound, kNone, kWrong };
  Page find_page(ogg_page& page);
  bool take_page();

  ogg_sync_state sync_{};                   // holds the file
  std::optional<ogg_stream_state> stream_;  // from the first page on
  bool ended_ = false;
  bool whole_ = false;
};

}  // namespace melsweep::vorbis
