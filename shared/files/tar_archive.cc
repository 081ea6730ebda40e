#include "shared/files/tar_archive.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace melsweep::files {
namespace {

constexpr std::size_t kBlockBytes = 512;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 33;  // eleven octal digits
constexpr char kOrdinaryFile = '0';
constexpr char kOldOrdinaryFile = '\0';

// One block before each member: fields at fixed places, numbers in octal digits (IEEE Std 1003.1, pax).
struct Field {
  std::size_t at;
  std::size_t bytes;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kOwner{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};
constexpr Field kPrefix{345, 155};
constexpr std::string_view kUstar(
    "ustar\0"
    "00",
    8);

using Block = std::array<char, kBlockBytes>;

std::string_view text(std::string_view block, const Field& field) {
  const std::string_view bytes = block.substr(field.at, field.bytes);
  return bytes.substr(0, bytes.find('\0'));
}

void put(Block& block, const Field& field, std::string_view bytes) {
  std::copy(bytes.begin(), bytes.end(), block.begin() + static_cast<std::ptrdiff_t>(field.at));
}

void put_number(Block& block, const Field& field, std::int64_t number) {
  put(block, field, absl::StrFormat("%0*o", static_cast<int>(field.bytes) - 1, number));
}

std::optional<std::int64_t> number(std::string_view block, const Field& field) {
  std::string_view digits = text(block, field);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  while (digits.ends_with(' ')) digits.remove_suffix(1);
  std::int64_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || value < 0) return std::nullopt;
  return value;
}

// Of the block's bytes, its own field taken as blanks.
std::int64_t checksum(std::string_view block) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool is_own = i >= kChecksum.at && i < kChecksum.at + kChecksum.bytes;
    sum += is_own ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kName.bytes && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos && name != "." && name != "..";
}

std::size_t padded(std::size_t bytes) {
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

Block header(std::string_view name, std::int64_t bytes) {
  Block block{};
  put(block, kName, name);
  put_number(block, kMode, 0644);
  put_number(block, kOwner, 0);
  put_number(block, kGroup, 0);
  put_number(block, kSize, bytes);
  put_number(block, kTime, 0);
  put(block, kType, std::string_view(&kOrdinaryFile, 1));
  put(block, kMagic, kUstar);
  put_number(block, kChecksum, checksum(std::string_view(block.data(), block.size())));
  return block;
}

}  // namespace

absl::StatusOr<TarWriter> TarWriter::create(const std::filesystem::path& target) {
  absl::StatusOr<AtomicFile> file = AtomicFile::create(target);
  if (!file.ok()) return file.status();
  return TarWriter(*std::move(file));
}

std::int64_t TarWriter::bytes_taken(std::int64_t content_bytes) {
  return static_cast<std::int64_t>(kBlockBytes + padded(static_cast<std::size_t>(content_bytes)));
}

absl::Status TarWriter::add(std::string_view name, std::string_view content) {
  const auto bytes = static_cast<std::int64_t>(content.size());
  if (!is_plain_name(name) || bytes >= kMostBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tar archive cannot have a member '", std::string(name), "' of ", bytes, " bytes"));
  }
  const Block block = header(name, bytes);
  const std::string padding(padded(content.size()) - content.size(), '\0');
  absl::Status status = file_.append(std::string_view(block.data(), block.size()));
  if (status.ok()) status = file_.append(content);
  if (status.ok()) status = file_.append(padding);
  return status;
}

absl::Status TarWriter::commit() {
  if (absl::Status status = file_.append(std::string(kEndBytes, '\0')); !status.ok()) return status;
  return file_.commit();
}

absl::StatusOr<TarArchive> TarArchive::read(const std::filesystem::path& path, std::size_t max_bytes) {
  absl::StatusOr<std::string> content = read_file(path, max_bytes);
  if (!content.ok()) return content.status();
  TarArchive archive(path.string(), *std::move(content));
  if (absl::Status status = archive.find_members(); !status.ok()) return status;
  return archive;
}

absl::Status TarArchive::damaged(std::size_t at) const {
  return absl::DataLossError(absl::StrCat(path_, " is damaged, or no tar archive: at byte ", at));
}

absl::Status TarArchive::find_members() {
  const std::string_view content(content_);
  for (std::size_t at = 0;;) {
    if (content.size() - at < kBlockBytes) return damaged(at);
    const std::string_view block = content.substr(at, kBlockBytes);
    if (block.find_first_not_of('\0') == std::string_view::npos) return absl::OkStatus();
    const auto bytes = number(block, kSize);
    const auto expected = number(block, kChecksum);
    if (!bytes || !expected || *expected != checksum(block)) return damaged(at);
    at += kBlockBytes;
    const auto size = static_cast<std::size_t>(*bytes);
    if (size > content.size() - at || padded(size) > content.size() - at) return damaged(at);
    const char type = block[kType.at];
    const std::string_view name = text(block, kName);
    const bool is_file = type == kOrdinaryFile || type == kOldOrdinaryFile;
    if (is_file && text(block, kPrefix).empty() && is_plain_name(name)) {
      members_[std::string(name)] = {at, size};
    }
    at += padded(size);
  }
}

absl::StatusOr<std::string_view> TarArchive::member(const std::string& name) const {
  const auto found = members_.find(name);
  if (found == members_.end()) return absl::NotFoundError(absl::StrCat(path_, " holds no ", name));
  return std::string_view(content_).substr(found->second.begin, found->second.bytes);
}

}  // namespace melsweep::files
