#include "worker/trainer/inception/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/files/atomic_file.h"
#include "worker/trainer/inception/header_json.h"

namespace melsweep::inception {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little,
              "the format is little-endian, and bytes are copied as they are");

constexpr std::size_t kLengthBytes = 8;
constexpr char kMetadataName[] = "__metadata__";

// A tensor's entry, its offsets counted from the end of the header.
struct Entry {
  StoredTensor tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct DtypeSize {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<DtypeSize, 15> kDtypes = {{{"BOOL", 1},
                                                {"U8", 1},
                                                {"I8", 1},
                                                {"F8_E4M3", 1},
                                                {"F8_E5M2", 1},
                                                {"I16", 2},
                                                {"U16", 2},
                                                {"F16", 2},
                                                {"BF16", 2},
                                                {"I32", 4},
                                                {"U32", 4},
                                                {"F32", 4},
                                                {"F64", 8},
                                                {"I64", 8},
                                                {"U64", 8}}};

std::optional<std::uint64_t> bytes_per_value(std::string_view dtype) {
  const auto* const found = std::ranges::find(kDtypes, dtype, &DtypeSize::name);
  if (found == kDtypes.end()) return std::nullopt;
  return found->bytes;
}

// The product of the shape, or nothing where it does not fit.
std::optional<std::uint64_t> product(std::span<const std::int64_t> shape) {
  std::uint64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(extent), &count))
      return std::nullopt;
  }
  return count;
}

// Bytes of the JSON header, checked against the file's size before they are looked at.
absl::StatusOr<std::string_view> header_text(std::span<const std::byte> file) {
  if (file.size() < kLengthBytes) {
    return absl::InvalidArgumentError(absl::StrCat("is no safetensors file: ", file.size(),
                                                   " bytes, and its header's length alone takes 8"));
  }
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), kLengthBytes);
  if (length > kMaxSafetensorsHeaderBytes) {
    return absl::InvalidArgumentError(absl::StrCat("is no safetensors file: it claims a header of ", length,
                                                   " bytes; at most ", kMaxSafetensorsHeaderBytes,
                                                   " are read"));
  }
  if (length > file.size() - kLengthBytes) {
    return absl::InvalidArgumentError(absl::StrCat("is truncated, or no safetensors file: its header has ",
                                                   length, " bytes, but only ", file.size() - kLengthBytes,
                                                   " follow"));
  }
  const std::span<const std::byte> text = file.subspan(kLengthBytes, length);
  return std::string_view(reinterpret_cast<const char*>(text.data()), text.size());
}

absl::StatusOr<Metadata> read_metadata(const Json& entry) {
  const absl::Status malformed =
      absl::InvalidArgumentError("has a __metadata__ that is not an object of texts");
  if (!entry.is_object()) return malformed;
  Metadata metadata;
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) return malformed;
    metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

// A list of whole numbers from 0 to 2^63 - 1.
std::optional<std::vector<std::int64_t>> counts(const Json& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const Json& number : list) {
    if (!number.is_number_unsigned()) return std::nullopt;
    if (number.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      return std::nullopt;
    numbers.push_back(number.get<std::int64_t>());
  }
  return numbers;
}

absl::StatusOr<Entry> read_entry(const std::string& name, const Json& json, std::uint64_t data_bytes) {
  const auto refuse = [&name](const auto&... what) {
    return absl::InvalidArgumentError(absl::StrCat("has a tensor ", in_quotes(name), " ", what...));
  };
  if (!json.is_object() || json.size() != 3 || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets")) {
    return refuse("that is not described by dtype, shape and data_offsets");
  }
  if (!json["dtype"].is_string()) return refuse("whose dtype is not a text");
  Entry entry;
  entry.tensor.name = name;
  entry.tensor.dtype = json["dtype"].get<std::string>();
  const std::optional<std::uint64_t> width = bytes_per_value(entry.tensor.dtype);
  if (!width) return refuse("of the unknown dtype ", in_quotes(entry.tensor.dtype));

  const std::optional<std::vector<std::int64_t>> shape = counts(json["shape"]);
  if (!shape) return refuse("whose shape is not a list of whole numbers");
  entry.tensor.shape = *shape;
  const std::optional<std::vector<std::int64_t>> offsets = counts(json["data_offsets"]);
  if (!offsets || offsets->size() != 2) return refuse("whose data_offsets are not two whole numbers");
  entry.begin = static_cast<std::uint64_t>(offsets->front());
  entry.end = static_cast<std::uint64_t>(offsets->back());
  if (entry.begin > entry.end || entry.end > data_bytes) {
    return refuse("whose bytes ", entry.begin, " to ", entry.end, " do not lie in the file, which holds ",
                  data_bytes, " after its header: it is truncated or corrupt");
  }
  const std::optional<std::uint64_t> values = product(*shape);
  std::uint64_t bytes = 0;
  if (!values || __builtin_mul_overflow(*values, *width, &bytes))
    return refuse("whose shape is absurdly large");
  if (bytes != entry.end - entry.begin) {
    return refuse("whose shape [", absl::StrJoin(*shape, ", "), "] of ", entry.tensor.dtype, " takes ", bytes,
                  " bytes, but ", entry.end - entry.begin, " are its");
  }
  return entry;
}

// Every byte after the header belongs to exactly one tensor.
absl::Status check_coverage(std::vector<const Entry*> entries, std::uint64_t data_bytes) {
  std::ranges::sort(entries, [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  std::uint64_t covered = 0;
  for (const Entry* entry : entries) {
    if (entry->begin != covered) {
      return absl::InvalidArgumentError(
          absl::StrCat("has a tensor ", in_quotes(entry->tensor.name), " that starts at byte ", entry->begin,
                       entry->begin < covered ? ", inside the tensor before it" : ", after a hole", " (",
                       covered, " was expected)"));
    }
    covered = entry->end;
  }
  if (covered != data_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", data_bytes - covered, " bytes at its end that belong to no tensor"));
  }
  return absl::OkStatus();
}

// What a mapped file says of itself; `tensors` come back sorted by name and pointing into the file.
absl::Status read_file_header(std::span<const std::byte> file, std::vector<StoredTensor>& tensors,
                              Metadata& metadata) {
  const absl::StatusOr<std::string_view> text = header_text(file);
  if (!text.ok()) return text.status();
  const absl::StatusOr<Json> header = parse_header(*text);
  if (!header.ok()) return header.status();
  const std::span<const std::byte> data = file.subspan(kLengthBytes + text->size());

  std::vector<Entry> entries;
  for (const auto& [name, json] : header->items()) {
    if (name == kMetadataName) {
      absl::StatusOr<Metadata> read = read_metadata(json);
      if (!read.ok()) return read.status();
      metadata = *std::move(read);
      continue;
    }
    absl::StatusOr<Entry> entry = read_entry(name, json, data.size());
    if (!entry.ok()) return entry.status();
    entry->tensor.bytes = data.subspan(entry->begin, entry->end - entry->begin);
    entries.push_back(*std::move(entry));
  }
  std::vector<const Entry*> by_offset;
  by_offset.reserve(entries.size());
  for (const Entry& entry : entries) by_offset.push_back(&entry);
  if (absl::Status status = check_coverage(std::move(by_offset), data.size()); !status.ok()) return status;
  for (Entry& entry : entries) tensors.push_back(std::move(entry.tensor));
  std::ranges::sort(tensors, {}, &StoredTensor::name);
  return absl::OkStatus();
}

template <class Bits>
Bits load(const std::byte* from) {
  Bits bits;
  std::memcpy(&bits, from, sizeof bits);
  return bits;
}

// IEEE 754 binary16.
float from_half(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits} >> 15 << 31;
  const std::uint32_t exponent = bits >> 10 & 31U;
  const std::uint32_t fraction = bits & 1023U;
  if (exponent == 0) {  // zero and subnormals: fraction * 2^-24
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255U : exponent + 127 - 15;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

float from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

absl::StatusOr<std::string> make_header(std::span<const NamedTensor> tensors, const Metadata& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header[kMetadataName] = metadata;
  std::uint64_t offset = 0;
  for (const NamedTensor& tensor : tensors) {
    if (tensor.name == kMetadataName || header.contains(tensor.name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("cannot write a tensor named ", in_quotes(tensor.name), ": the name is taken"));
    }
    if (product(tensor.shape) != tensor.values.size()) {
      return absl::InvalidArgumentError(absl::StrCat("cannot write the tensor ", in_quotes(tensor.name), ": ",
                                                     tensor.values.size(), " values do not fill the shape [",
                                                     absl::StrJoin(tensor.shape, ", "), "]"));
    }
    const std::uint64_t end = offset + tensor.values.size_bytes();
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot write a name or metadata: ", shortened(error.what())));
  }
  // Blanks up to a multiple of 8 keep the tensors aligned in a mapped file.
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  if (text.size() > kMaxSafetensorsHeaderBytes)
    return absl::InvalidArgumentError("the header would be too long to be read");
  return text;
}

}  // namespace

absl::StatusOr<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return absl::NotFoundError(absl::StrCat(path.string(), ": no such file"));
  if (!std::filesystem::is_regular_file(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is not a regular file"));
  }
  absl::StatusOr<std::shared_ptr<const features::MappedFile>> bytes = features::MappedFile::open(path);
  if (!bytes.ok()) return bytes.status();
  SafetensorsFile file;
  file.path_ = path;
  file.bytes_ = *std::move(bytes);
  const absl::Status status = read_file_header(file.bytes_->bytes(), file.tensors_, file.metadata_);
  if (!status.ok()) return absl::Status(status.code(), absl::StrCat(path.string(), " ", status.message()));
  return file;
}

const StoredTensor* SafetensorsFile::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(tensors_, name, {}, &StoredTensor::name);
  return found != tensors_.end() && found->name == name ? &*found : nullptr;
}

absl::StatusOr<std::vector<float>> to_floats(const StoredTensor& tensor) {
  std::vector<float> values;
  const std::span<const std::byte> bytes = tensor.bytes;
  if (tensor.dtype == "F32") {
    values.resize(bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  if (tensor.dtype != "F16" && tensor.dtype != "BF16") {
    return absl::InvalidArgumentError(absl::StrCat("the tensor ", in_quotes(tensor.name), " is ",
                                                   tensor.dtype, "; only F32, F16 and BF16 are read"));
  }
  const auto widen = tensor.dtype == "F16" ? from_half : from_bfloat;
  values.resize(bytes.size() / sizeof(std::uint16_t));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = widen(load<std::uint16_t>(bytes.data() + i * sizeof(std::uint16_t)));
  }
  return values;
}

absl::StatusOr<std::vector<float>> read_tensor(const SafetensorsFile& file, const std::string& name,
                                               const std::vector<std::int64_t>& shape) {
  const StoredTensor* tensor = file.find(name);
  if (tensor == nullptr) return absl::InvalidArgumentError(absl::StrCat(name, " is missing"));
  if (tensor->shape != shape) {
    return absl::InvalidArgumentError(absl::StrCat(name, " has the shape [",
                                                   absl::StrJoin(tensor->shape, ", "), "] instead of [",
                                                   absl::StrJoin(shape, ", "), "]"));
  }
  return to_floats(*tensor);
}

absl::Status write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                               const Metadata& metadata) {
  const absl::StatusOr<std::string> header = make_header(tensors, metadata);
  if (!header.ok())
    return absl::Status(header.status().code(), absl::StrCat(path.string(), ": ", header.status().message()));
  absl::StatusOr<files::AtomicFile> file = files::AtomicFile::create(path);
  if (!file.ok()) return file.status();
  const std::uint64_t length = header->size();
  absl::Status status = file->append(std::as_bytes(std::span(&length, 1)));
  if (status.ok()) status = file->append(*header);
  for (const NamedTensor& tensor : tensors) {
    if (status.ok()) status = file->append(std::as_bytes(tensor.values));
  }
  return status.ok() ? file->commit() : status;
}

}  // namespace melsweep::inception
