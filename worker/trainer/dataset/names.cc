#include "worker/trainer/dataset/names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace melsweep::dataset {
namespace {

// Bytes of the well-formed UTF-8 sequence that begins the text (RFC 3629); 0 where there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  std::uint32_t point = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return overlong || surrogate || point > 0x10FFFF ? 0 : length;
}

}  // namespace

std::size_t first_unprintable(std::string_view text, std::string_view allowed_controls) {
  std::size_t position = 0;
  while (position < text.size()) {
    const char c = text[position];
    const bool control = absl::ascii_iscntrl(static_cast<unsigned char>(c));
    if (control && allowed_controls.find(c) == std::string_view::npos) return position;
    const std::size_t length = utf8_length(text.substr(position));
    if (length == 0) return position;
    position += length;
  }
  return position;
}

std::string printable(const std::string& name) {
  return first_unprintable(name) == name.size() ? name : absl::CHexEscape(name);
}

absl::Status check_name(const std::string& what, const std::string& name, const std::string& place) {
  if (name.empty()) return absl::InvalidArgumentError(absl::StrCat(place, ": ", what, " is empty"));
  if (first_unprintable(name) != name.size()) {
    return absl::InvalidArgumentError(absl::StrCat(place, ": ", what, " '", printable(name),
                                                   "' is not UTF-8 or holds a control character; rename it"));
  }
  if (absl::ascii_isspace(static_cast<unsigned char>(name.front())) ||
      absl::ascii_isspace(static_cast<unsigned char>(name.back()))) {
    return absl::InvalidArgumentError(
        absl::StrCat(place, ": ", what, " '", name, "' begins or ends with a blank; take it away"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> clip_id(const std::string& path, const std::string& place) {
  if (absl::Status status = check_name("the path", path, place); !status.ok()) return status;
  const std::filesystem::path given(path);
  std::string id = given.lexically_normal().generic_string();
  if (given.is_absolute() || id == ".." || absl::StartsWith(id, "../")) {
    return absl::InvalidArgumentError(absl::StrCat(place, ": the path '", path,
                                                   "' leaves the data set's folder; "
                                                   "write paths relative to it, without '..'"));
  }
  if (id == "." || absl::EndsWith(id, "/")) {
    return absl::InvalidArgumentError(absl::StrCat(place, ": the path '", path, "' names no file"));
  }
  return id;
}

bool is_sound_name(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 19> kEndings = {
      ".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".au",
      ".caf", ".w64",  ".m4a",  ".aac", ".wma", ".mp2",  ".amr", ".ape",  ".mka"};
  const std::string ending = absl::AsciiStrToLower(path.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool is_hidden(const std::filesystem::path& path) {
  return path.filename().string().starts_with('.');
}

}  // namespace melsweep::dataset
