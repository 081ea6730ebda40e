#include "worker/trainer/audio/truncation.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

namespace melsweep::audio {
namespace {

namespace fs = std::filesystem;

enum class ByteOrder { kLittle, kBig };

constexpr std::uint32_t kSizeIsInDs64 =
    0xffffffff;  // RF64 keeps 64-bit sizes in its ds64 chunk (EBU Tech 3306)

// Reads forward through a file whose size is known.
class Bytes {
 public:
  explicit Bytes(const fs::path& path) : in_(path, std::ios::binary) {
    in_.seekg(0, std::ios::end);
    size_ = in_ ? static_cast<std::uint64_t>(in_.tellg()) : 0;
    in_.seekg(0);
  }

  bool ok() const { return static_cast<bool>(in_); }
  std::uint64_t size() const { return size_; }
  std::uint64_t position() const { return position_; }
  std::uint64_t left() const { return size_ - position_; }

  // False, and stays where it is, where the file has fewer bytes left.
  bool skip(std::uint64_t count) {
    if (count > left()) return false;
    position_ += count;
    in_.seekg(static_cast<std::streamoff>(position_));
    return true;
  }

  template <std::size_t N>
  bool read(std::array<unsigned char, N>& bytes) {
    if (N > left()) return false;
    in_.read(reinterpret_cast<char*>(bytes.data()), N);
    position_ += N;
    return static_cast<bool>(in_);
  }

  // Four characters that name a chunk; empty at the end.
  std::string tag() {
    std::array<unsigned char, 4> bytes{};
    return read(bytes) ? std::string(bytes.begin(), bytes.end()) : std::string();
  }

  template <class T>
  std::optional<T> number(ByteOrder order) {
    std::array<unsigned char, sizeof(T)> bytes{};
    if (!read(bytes)) return std::nullopt;
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const std::size_t significance = order == ByteOrder::kLittle ? i : sizeof(T) - 1 - i;
      value |= static_cast<T>(bytes[i]) << (8 * significance);
    }
    return value;
  }

 private:
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
};

absl::Status truncated(const fs::path& path, std::uint64_t promised, std::uint64_t found) {
  return absl::InvalidArgumentError(absl::StrCat(path.string(), " is truncated: its header promises ",
                                                 promised, " bytes of sound, the file holds ", found));
}

// Walks the chunks that follow "RIFF....WAVE" up to the sound's.
absl::Status check_riff(const fs::path& path, Bytes& file, ByteOrder order) {
  file.number<std::uint32_t>(order);  // the size of the whole: many writers leave it wrong
  if (const std::string form = file.tag(); !form.empty() && form != "WAVE")
    return absl::OkStatus();  // no sound
  std::uint64_t ds64_data_bytes = kSizeIsInDs64;
  for (std::string tag = file.tag(); !tag.empty(); tag = file.tag()) {
    const std::optional<std::uint32_t> bytes = file.number<std::uint32_t>(order);
    if (!bytes) break;
    if (tag == "data") {
      const std::uint64_t promised = *bytes == kSizeIsInDs64 ? ds64_data_bytes : *bytes;
      return promised > file.left() ? truncated(path, promised, file.left()) : absl::OkStatus();
    }
    std::uint64_t rest = std::uint64_t{*bytes} + *bytes % 2;  // chunks begin at even places
    if (tag == "ds64" && *bytes >= 16) {
      file.number<std::uint64_t>(order);  // the size of the whole
      ds64_data_bytes = file.number<std::uint64_t>(order).value_or(kSizeIsInDs64);
      rest -= 16;
    }
    if (!file.skip(rest)) break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), " is truncated: it ends before the sound begins"));
}

// Walks the pages (RFC 3533, section 6).
absl::Status check_ogg(const fs::path& path, Bytes& file) {
  constexpr std::uint64_t kBeforeSegmentCount = 22;  // of the fields after the page's mark
  for (std::string tag = "OggS"; tag == "OggS"; tag = file.tag()) {
    std::uint64_t body = 0;
    std::array<unsigned char, 1> byte{};
    bool whole = file.skip(kBeforeSegmentCount) && file.read(byte);
    for (int segments = whole ? byte[0] : 0; whole && segments > 0; --segments) {
      whole = file.read(byte);
      body += byte[0];
    }
    if (!whole || !file.skip(body)) {
      return absl::InvalidArgumentError(absl::StrCat(path.string(), " is truncated: it ends at byte ",
                                                     file.size(), ", within a page of sound"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status check_not_truncated(const fs::path& path) {
  Bytes file(path);
  if (!file.ok()) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path.string()));
  const std::string mark = file.tag();
  if (mark == "RIFF" || mark == "RF64") return check_riff(path, file, ByteOrder::kLittle);
  if (mark == "RIFX") return check_riff(path, file, ByteOrder::kBig);
  if (mark == "OggS") return check_ogg(path, file);
  return absl::OkStatus();
}

}  // namespace melsweep::audio
