#include "worker/trainer/arrays/npy.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "shared/files/atomic_file.h"

namespace melsweep::arrays {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 30;

absl::Status bad_file(const fs::path& path, absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), " is not a .npy file that can be read: ", reason));
}

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

// The header is the text of a Python dict with three known keys:
// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : rest_(text) {}

  std::optional<Header> parse() {
    Header header;
    bool descr = false;
    bool order = false;
    bool shape = false;
    if (!take('{')) return std::nullopt;
    while (!take('}')) {
      const std::optional<std::string_view> key = quoted();
      if (!key || !take(':')) return std::nullopt;
      bool ok = false;
      if (*key == "descr" && !std::exchange(descr, true)) {
        ok = parse_descr(header);
      } else if (*key == "fortran_order" && !std::exchange(order, true)) {
        ok = parse_order(header);
      } else if (*key == "shape" && !std::exchange(shape, true)) {
        ok = parse_shape(header);
      }
      if (!ok || (!take(',') && !looking_at('}'))) return std::nullopt;
    }
    skip_spaces();
    if (!rest_.empty() || !descr || !order || !shape) return std::nullopt;
    return header;
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }

  bool looking_at(char c) {
    skip_spaces();
    return !rest_.empty() && rest_.front() == c;
  }

  bool take(char c) {
    if (!looking_at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_word(std::string_view word) {
    skip_spaces();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<std::string_view> quoted() {
    const char quote = looking_at('"') ? '"' : '\'';
    if (!take(quote)) return std::nullopt;
    const std::size_t end = rest_.find(quote);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool parse_descr(Header& header) {
    const std::optional<std::string_view> text = quoted();
    if (text) header.descr = *text;
    return text.has_value();
  }

  bool parse_order(Header& header) {
    header.fortran_order = take_word("True");
    return header.fortran_order || take_word("False");
  }

  bool parse_shape(Header& header) {
    if (!take('(')) return false;
    while (!take(')')) {
      skip_spaces();
      std::size_t extent = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (error != std::errc()) return false;
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      header.shape.push_back(extent);
      if (!take(',') && !looking_at(')')) return false;
    }
    return true;
  }

  std::string_view rest_;
};

// Null where the product does not fit.
std::optional<std::size_t> value_count(std::span<const std::size_t> shape) {
  std::size_t count = 1;
  for (const std::size_t extent : shape) {
    if (extent != 0 && count > std::numeric_limits<std::size_t>::max() / extent) return std::nullopt;
    count *= extent;
  }
  return count;
}

// The text of the header; leaves the stream at the first value.
absl::StatusOr<std::string> read_header(std::ifstream& in, const fs::path& path) {
  std::string preamble(kMagic.size() + 2, '\0');
  in.read(preamble.data(), static_cast<std::streamsize>(preamble.size()));
  if (!in || !std::string_view(preamble).starts_with(kMagic))
    return bad_file(path, "it does not begin with numpy's mark");
  const int version = static_cast<unsigned char>(preamble[kMagic.size()]);
  if (version < 1 || version > 3)
    return bad_file(path, absl::StrCat("its format version is ", version, ", not 1 to 3"));
  unsigned char length_bytes[4] = {0, 0, 0, 0};
  in.read(reinterpret_cast<char*>(length_bytes), version == 1 ? 2 : 4);
  std::uint32_t length = 0;
  std::memcpy(&length, length_bytes, sizeof(length));
  if (!in || length > kMaxHeaderBytes) return bad_file(path, "its header is cut short or absurdly long");
  std::string text(length, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in) return bad_file(path, "its header is cut short");
  return text;
}

template <class T>
std::vector<float> to_floats(std::ifstream& in, std::size_t count) {
  std::vector<T> raw(count);
  in.read(reinterpret_cast<char*>(raw.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if constexpr (std::is_same_v<T, float>) return raw;
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(raw[i]);
  return values;
}

// The values of an array whose first index varies fastest, reordered so that the last one does.
std::vector<float> to_c_order(const Array& array) {
  std::vector<float> values(array.values.size());
  std::vector<std::size_t> index(array.shape.size(), 0);
  for (const float value : array.values) {
    std::size_t position = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis)
      position = position * array.shape[axis] + index[axis];
    values[position] = value;
    for (std::size_t axis = 0; axis < index.size() && ++index[axis] == array.shape[axis]; ++axis)
      index[axis] = 0;
  }
  return values;
}

// Bytes of one value; 0 for a dtype that is not read.
std::size_t bytes_per_value(std::string_view descr) {
  if (descr == "<f4") return sizeof(float);
  if (descr == "<f8") return sizeof(double);
  if (descr == "|u1") return sizeof(std::uint8_t);
  return 0;
}

}  // namespace

absl::StatusOr<Array> read_npy(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return absl::NotFoundError(absl::StrCat(path.string(), " does not exist"));
  if (!fs::is_regular_file(path, error)) return bad_file(path, "it is no ordinary file");
  const std::uint64_t file_bytes = fs::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in) return absl::UnavailableError(absl::StrCat("cannot read ", path.string()));
  if (file_bytes > kMaxFileBytes) return bad_file(path, "it is larger than 4 GiB");
  const absl::StatusOr<std::string> text = read_header(in, path);
  if (!text.ok()) return text.status();
  const std::optional<Header> header = HeaderParser(*text).parse();
  if (!header) return bad_file(path, absl::StrCat("its header is malformed: ", *text));
  const std::size_t width = bytes_per_value(header->descr);
  if (width == 0) return bad_file(path, absl::StrCat("its type is ", header->descr, ", not <f4, <f8 or |u1"));
  const std::optional<std::size_t> count = value_count(header->shape);
  const std::uint64_t value_bytes = file_bytes - static_cast<std::uint64_t>(in.tellg());
  if (!count || *count > kMaxFileBytes || *count * width != value_bytes) {
    return bad_file(path, absl::StrCat("its shape (", absl::StrJoin(header->shape, ", "),
                                       ") does not fit the ", value_bytes, " bytes of values in it"));
  }
  Array array{.shape = header->shape, .values = {}};
  if (header->descr == "<f4") {
    array.values = to_floats<float>(in, *count);
  } else if (header->descr == "<f8") {
    array.values = to_floats<double>(in, *count);
  } else {
    array.values = to_floats<std::uint8_t>(in, *count);
  }
  if (!in) return absl::DataLossError(absl::StrCat("reading ", path.string(), " failed"));
  if (header->fortran_order) array.values = to_c_order(array);
  return array;
}

std::string npy_header(std::span<const std::size_t> shape) {
  // A tuple of one is written with a comma: (5,).
  const std::string tuple = absl::StrCat(absl::StrJoin(shape, ", "), shape.size() == 1 ? "," : "");
  std::string dict = absl::StrCat("{'descr': '<f4', 'fortran_order': False, 'shape': (", tuple, "), }");
  const std::size_t preamble = kMagic.size() + 4;
  const std::size_t unpadded = preamble + dict.size() + 1;
  dict.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  dict.push_back('\n');
  std::string header(kMagic);
  header.push_back('\x01');
  header.push_back('\x00');
  header.push_back(static_cast<char>(dict.size() & 0xff));
  header.push_back(static_cast<char>(dict.size() >> 8));
  return header + dict;
}

absl::Status write_npy(const fs::path& path, std::span<const std::size_t> shape,
                       std::span<const float> values) {
  if (value_count(shape) != values.size()) {
    return absl::InternalError(absl::StrCat("an array of ", values.size(), " values has no shape (",
                                            absl::StrJoin(shape, ", "), ")"));
  }
  absl::StatusOr<files::AtomicFile> file = files::AtomicFile::create(path);
  if (!file.ok()) return file.status();
  if (absl::Status status = file->append(npy_header(shape)); !status.ok()) return status;
  if (absl::Status status = file->append(std::as_bytes(values)); !status.ok()) return status;
  return file->commit();
}

}  // namespace melsweep::arrays
