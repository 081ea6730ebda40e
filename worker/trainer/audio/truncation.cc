#include "worker/trainer/audio/truncation.h"

#include <algorithm>
#include <array>
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

// Programs that write to a pipe cannot come back to fill in the length, and leave the largest number there is
// (ffmpeg), half of that (arecord), or a little less than either (sox), often with the headers taken off and
// rounded down to whole blocks.
bool means_unknown(std::uint32_t bytes) {
  constexpr std::array<std::uint32_t, 4> kMarks = {0x7ffff000, 0x7fffffff, 0x80000000, 0xffffffff};
  constexpr std::uint32_t kBelow = 512;  // headers and a block
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [bytes](std::uint32_t mark) { return bytes <= mark && mark - bytes < kBelow; });
}

// Whether nothing but chunks stands from here to the end.
bool only_chunks_follow(Bytes& file, ByteOrder order) {
  while (file.left() > 0) {
    const std::string tag = file.tag();
    const std::optional<std::uint32_t> bytes = file.number<std::uint32_t>(order);
    if (tag.empty() || !bytes || !file.skip(*bytes)) return false;
    if (*bytes % 2 == 1 && file.left() > 0) file.skip(1);
  }
  return true;
}

// Walks the chunks of a RIFF file up to the sound's.
class RiffWalk {
 public:
  RiffWalk(const fs::path& path, Bytes& file, ByteOrder order) : path_(path), file_(file), order_(order) {}

  absl::Status check() {
    file_.number<std::uint32_t>(order_);  // the size of the whole: many writers leave it wrong
    if (const std::string form = file_.tag(); !form.empty() && form != "WAVE")
      return absl::OkStatus();  // no sound
    for (std::string tag = file_.tag(); !tag.empty(); tag = file_.tag()) {
      const std::optional<std::uint32_t> bytes = file_.number<std::uint32_t>(order_);
      if (!bytes) break;
      if (tag == "data") return check_data(*bytes);
      std::uint64_t rest = std::uint64_t{*bytes} + *bytes % 2;  // chunks begin at even places
      rest -= take_fields(tag, *bytes);
      if (!file_.skip(rest)) break;
    }
    return absl::InvalidArgumentError(
        absl::StrCat(path_.string(), " is truncated: it ends before the sound begins"));
  }

 private:
  // Reads what is of interest in a chunk; how many bytes of it that was.
  std::uint64_t take_fields(const std::string& tag, std::uint32_t bytes) {
    const std::uint64_t before = file_.position();
    if (tag == "ds64" && bytes >= 16) {
      file_.number<std::uint64_t>(order_);  // the size of the whole
      ds64_data_bytes_ = file_.number<std::uint64_t>(order_);
    }
    if (tag == "fmt " && bytes >= 14) {
      file_.skip(12);  // format, channels, rates
      block_bytes_ = file_.number<std::uint16_t>(order_).value_or(1);
    }
    return file_.position() - before;
  }

  absl::Status check_data(std::uint32_t claimed) {
    const std::uint64_t held = file_.left();
    if (claimed == 0 && held > 0 && !only_chunks_follow(file_, order_)) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_.string(), " cannot be used: its header gives no length for the sound, and ",
                       held, " bytes follow; write it again with a program that finishes its files"));
    }
    if (!ds64_data_bytes_ && means_unknown(claimed)) return absl::OkStatus();
    const std::uint64_t promised = claimed == kSizeIsInDs64 ? ds64_data_bytes_.value_or(claimed) : claimed;
    // Less than one block is lost where a writer counted a byte of padding.
    return promised >= held + std::max<std::uint64_t>(block_bytes_, 1) ? truncated(path_, promised, held)
                                                                       : absl::OkStatus();
  }

  const fs::path& path_;
  Bytes& file_;
  ByteOrder order_;
  std::optional<std::uint64_t> ds64_data_bytes_;
  std::uint64_t block_bytes_ = 1;  // of one sample of all channels, or of a compressed block
};

absl::Status cut_ogg(const fs::path& path, std::uint64_t bytes, const char* where) {
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), " is truncated: it ends at byte ", bytes, ", ", where));
}

// Walks the pages (RFC 3533, section 6).
absl::Status check_ogg(const fs::path& path, Bytes& file) {
  constexpr std::uint64_t kBetweenFlagsAndSegmentCount = 20;
  constexpr unsigned kEndOfStream = 4;
  unsigned flags = 0;
  for (std::string tag = "OggS"; tag == "OggS"; tag = file.tag()) {
    std::uint64_t body = 0;
    std::array<unsigned char, 2> version_and_flags{};
    std::array<unsigned char, 1> byte{};
    bool whole = file.read(version_and_flags) && file.skip(kBetweenFlagsAndSegmentCount) && file.read(byte);
    flags = version_and_flags[1];
    for (int segments = whole ? byte[0] : 0; whole && segments > 0; --segments) {
      whole = file.read(byte);
      body += byte[0];
    }
    if (!whole || !file.skip(body)) return cut_ogg(path, file.size(), "within a page of sound");
  }
  // A file that is cut between two pages shows only by this.
  if ((flags & kEndOfStream) == 0) return cut_ogg(path, file.size(), "and no page says that it is the last");
  return absl::OkStatus();
}

}  // namespace

absl::Status check_not_truncated(const fs::path& path) {
  Bytes file(path);
  if (!file.ok()) return absl::UnavailableError(absl::StrCat("cannot read ", path.string()));
  const std::string mark = file.tag();
  if (mark == "RIFF" || mark == "RF64") return RiffWalk(path, file, ByteOrder::kLittle).check();
  if (mark == "RIFX") return RiffWalk(path, file, ByteOrder::kBig).check();
  if (mark == "OggS") return check_ogg(path, file);
  return absl::OkStatus();
}

}  // namespace melsweep::audio
