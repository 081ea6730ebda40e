#include "worker/trainer/features/segment_store.h"

#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "shared/files/atomic_file.h"
#include "worker/trainer/arrays/npy.h"

namespace melsweep::features {
namespace {

namespace fs = std::filesystem;

constexpr int kIndexFormat = 1;
constexpr std::size_t kMaxIndexBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxValues = std::size_t{1} << 32;  // of a segment: anything larger is a damaged index
constexpr std::string_view kPrefix = "segment-";

// The number of "segment-00012.json"; nothing for other names. Names with another ending ("....json.corrupt")
// count only where the extension is not asked for.
std::optional<int> segment_number(const fs::path& path, std::string_view extension) {
  const std::string name = path.filename().string();
  if (!name.starts_with(kPrefix)) return std::nullopt;
  int number = 0;
  const char* first = name.data() + kPrefix.size();
  const char* last = name.data() + name.size();
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc() || number < 0) return std::nullopt;
  if (!extension.empty() && std::string_view(end, static_cast<std::size_t>(last - end)) != extension)
    return std::nullopt;
  return number;
}

// Calls for every file of the folder; a missing folder has none.
absl::Status for_each_file(const fs::path& folder, const std::function<void(const fs::path&)>& call) {
  std::error_code error;
  fs::directory_iterator at(folder, error);
  if (error == std::errc::no_such_file_or_directory) return absl::OkStatus();
  for (; !error && at != fs::directory_iterator(); at.increment(error)) call(at->path());
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot list folder ", folder.string(), ": ", error.message()));
}

std::uint64_t checksum_of(std::span<const float> values) {
  return XXH3_64bits(values.data(), values.size_bytes());
}

std::size_t product(std::span<const std::size_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

}  // namespace

SegmentStore::SegmentStore(fs::path folder, SegmentLayout layout, std::string description)
    : folder_(std::move(folder)), layout_(layout), description_(std::move(description)) {}

fs::path SegmentStore::data_path(int number) const {
  return folder_ / absl::StrFormat("segment-%05d.npy", number);
}
fs::path SegmentStore::index_path(int number) const {
  return folder_ / absl::StrFormat("segment-%05d.json", number);
}

std::string SegmentStore::index_text(const Segment& segment) {
  nlohmann::json items = nlohmann::json::array();
  for (const Item& item : segment.items) {
    items.push_back({{"key", item.key},
                     {"offset", item.offset},
                     {"rows", item.rows},
                     {"columns", item.columns},
                     {"xxh3", absl::StrFormat("%016x", item.checksum)}});
  }
  return nlohmann::json{{"format", kIndexFormat}, {"shape", segment.shape}, {"items", items}}.dump() + "\n";
}

absl::StatusOr<SegmentStore::Segment> SegmentStore::parse_index(const std::string& text) {
  try {
    const nlohmann::json index = nlohmann::json::parse(text);
    Segment segment;
    if (index.at("format").get<int>() > kIndexFormat) return absl::UnimplementedError("a newer format");
    segment.shape = index.at("shape").get<std::vector<std::size_t>>();
    bool sane = index.at("format").get<int>() == kIndexFormat && segment.shape.size() <= 2;
    for (const std::size_t extent : segment.shape) sane = sane && extent <= kMaxValues;
    const std::size_t values = sane ? product(segment.shape) : 0;
    sane = sane && values <= kMaxValues;
    for (const nlohmann::json& entry : index.at("items")) {
      Item item{.key = entry.at("key").get<std::string>(),
                .offset = entry.at("offset").get<std::size_t>(),
                .rows = entry.at("rows").get<int>(),
                .columns = entry.at("columns").get<int>(),
                .checksum = std::stoull(entry.at("xxh3").get<std::string>(), nullptr, 16)};
      sane = sane && item.rows > 0 && item.columns > 0 && item.offset <= values &&
             item.size() <= values - item.offset;
      segment.items.push_back(std::move(item));
    }
    if (sane) return segment;
  } catch (const std::exception&) {
    // nlohmann and stoull say by exceptions what is wrong; here only that something is matters.
  }
  return absl::DataLossError("the index is damaged");
}

absl::Status SegmentStore::refresh() {
  std::vector<int> found;
  absl::Status listed = for_each_file(folder_, [&](const fs::path& path) {
    const std::optional<int> number = segment_number(path, ".json");
    if (number && !segments_.contains(*number) && !rejected_.contains(*number)) found.push_back(*number);
  });
  if (!listed.ok()) return listed;
  std::sort(found.begin(), found.end());
  for (const int number : found) {
    const absl::StatusOr<std::string> text = files::read_file(index_path(number), kMaxIndexBytes);
    if (absl::IsNotFound(text.status())) continue;  // another process set it aside just now
    if (!text.ok()) return text.status();
    absl::StatusOr<Segment> segment = parse_index(*text);
    if (segment.ok()) {
      add(number, *std::move(segment));
    } else if (absl::IsUnimplemented(segment.status())) {
      rejected_.insert(number);
    } else {
      set_aside(number);
    }
  }
  return absl::OkStatus();
}

void SegmentStore::add(int number, Segment segment) {
  for (std::size_t i = 0; i < segment.items.size(); ++i) {
    locations_[segment.items[i].key] = {.segment = number, .item = i};
  }
  segments_[number] = std::move(segment);
}

void SegmentStore::forget(int number) {
  std::erase_if(locations_, [number](const auto& entry) { return entry.second.segment == number; });
  segments_.erase(number);
}

// Numbers are not used twice, so a process that comes late with the same discovery renames nothing that is
// sound.
void SegmentStore::set_aside(int number) {
  forget(number);
  rejected_.insert(number);  // where it cannot be renamed, it would be found again
  for (const fs::path& path : {index_path(number), data_path(number)}) {
    std::error_code ignored;  // another process was first, or the folder is read-only: forgotten it is
    fs::rename(path, path.string() + ".corrupt", ignored);
  }
}

absl::Status SegmentStore::map_and_verify(int number, Segment& segment) const {
  absl::StatusOr<std::shared_ptr<const MappedFile>> file = MappedFile::open(data_path(number));
  if (!file.ok()) {
    const bool damaged = absl::IsInvalidArgument(file.status()) || absl::IsNotFound(file.status());
    return damaged ? absl::DataLossError(file.status().message()) : file.status();
  }
  const std::span<const std::byte> bytes = (*file)->bytes();
  const std::string header = arrays::npy_header(segment.shape);
  const std::size_t count = product(segment.shape);
  const bool fits = bytes.size() == header.size() + count * sizeof(float) &&
                    std::memcmp(bytes.data(), header.data(), header.size()) == 0;
  if (!fits)
    return absl::DataLossError(absl::StrCat(data_path(number).string(), " is not as long as its index says"));
  const std::span<const float> values(reinterpret_cast<const float*>(bytes.data() + header.size()), count);
  for (const Item& item : segment.items) {
    if (checksum_of(values.subspan(item.offset, item.size())) != item.checksum) {
      return absl::DataLossError(
          absl::StrCat(data_path(number).string(), ": the checksum of ", item.key, " is wrong"));
    }
  }
  segment.file = *std::move(file);
  segment.values = values;
  return absl::OkStatus();
}

absl::StatusOr<const SegmentStore::Location*> SegmentStore::find_verified(const std::string& key) {
  const auto location = locations_.find(key);
  if (location == locations_.end()) return nullptr;
  const int number = location->second.segment;
  Segment& segment = segments_.at(number);
  if (segment.file != nullptr) return &location->second;
  const absl::Status verified = map_and_verify(number, segment);
  if (verified.ok()) return &location->second;
  if (!absl::IsDataLoss(verified)) return verified;
  set_aside(number);
  return nullptr;
}

absl::StatusOr<std::vector<std::string>> SegmentStore::missing(std::span<const std::string> keys) {
  std::vector<std::string> lacking;
  std::unordered_set<std::string_view> seen;
  for (const std::string& key : keys) {
    if (!seen.insert(key).second) continue;
    const absl::StatusOr<const Location*> location = find_verified(key);
    if (!location.ok()) return location.status();
    if (*location == nullptr) lacking.push_back(key);
  }
  return lacking;
}

absl::StatusOr<std::vector<StoredMatrix>> SegmentStore::open(std::span<const std::string> keys) {
  std::vector<StoredMatrix> matrices;
  matrices.reserve(keys.size());
  for (const std::string& key : keys) {
    const absl::StatusOr<const Location*> location = find_verified(key);
    if (!location.ok()) return location.status();
    if (*location == nullptr)
      return absl::NotFoundError(absl::StrCat(folder_.string(), " does not hold ", key));
    const Segment& segment = segments_.at((*location)->segment);
    const Item& item = segment.items[(*location)->item];
    matrices.push_back({.rows = item.rows,
                        .columns = item.columns,
                        .values = segment.values.subspan(item.offset, item.size()),
                        .file = segment.file});
  }
  return matrices;
}

absl::StatusOr<int> SegmentStore::next_number() const {
  int next = 0;
  absl::Status listed = for_each_file(folder_, [&](const fs::path& path) {
    if (const std::optional<int> number = segment_number(path, "")) next = std::max(next, *number + 1);
  });
  if (!listed.ok()) return listed;
  return next;
}

absl::Status SegmentStore::write_segment(int number, const Segment& segment,
                                         std::span<const NewMatrix> items) const {
  absl::StatusOr<files::AtomicFile> data = files::AtomicFile::create(data_path(number));
  if (!data.ok()) return data.status();
  if (absl::Status status = data->append(arrays::npy_header(segment.shape)); !status.ok()) return status;
  for (const NewMatrix& item : items) {
    if (absl::Status status = data->append(std::as_bytes(std::span(item.values))); !status.ok())
      return status;
  }
  if (absl::Status status = data->commit(); !status.ok()) return status;
  absl::Status indexed = files::write_atomically(index_path(number), index_text(segment));
  if (!indexed.ok()) {
    std::error_code ignored;  // data without an index is nothing to readers, and the next builder removes it
    fs::remove(data_path(number), ignored);
  }
  return indexed;
}

absl::Status SegmentStore::append(std::span<const NewMatrix> items) {
  if (items.empty()) return absl::OkStatus();
  Segment segment;
  std::size_t values = 0;
  for (const NewMatrix& item : items) {
    segment.items.push_back({.key = item.key,
                             .offset = values,
                             .rows = item.rows,
                             .columns = item.columns,
                             .checksum = checksum_of(item.values)});
    assert(segment.items.back().size() == item.values.size());
    assert(layout_ == SegmentLayout::kFlat || (item.rows == 1 && item.columns == items.front().columns));
    values += item.values.size();
  }
  segment.shape = {values};
  if (layout_ == SegmentLayout::kStacked) segment.shape = {items.size(), items.front().values.size()};
  std::error_code error;
  if (const fs::path settings = folder_ / "settings.json"; !fs::exists(settings, error)) {
    if (absl::Status status = files::write_atomically(settings, description_); !status.ok()) return status;
  }
  const absl::StatusOr<int> number = next_number();
  if (!number.ok()) return number.status();
  if (absl::Status status = write_segment(*number, segment, items); !status.ok()) return status;
  add(*number, std::move(segment));
  return absl::OkStatus();
}

absl::Status SegmentStore::remove_unfinished() {
  std::vector<fs::path> leftovers;
  absl::Status listed = for_each_file(folder_, [&](const fs::path& path) {
    std::error_code error;
    const std::optional<int> number = segment_number(path, ".npy");
    const bool no_index = number && !fs::exists(index_path(*number), error);
    if (no_index || path.filename().string().find(".part-") != std::string::npos) leftovers.push_back(path);
  });
  if (!listed.ok()) return listed;
  for (const fs::path& path : leftovers) {
    std::error_code error;
    fs::remove(path, error);
    if (error)
      return absl::UnavailableError(absl::StrCat("cannot remove ", path.string(), ": ", error.message()));
  }
  return absl::OkStatus();
}

}  // namespace melsweep::features
