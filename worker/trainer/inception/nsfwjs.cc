#include "worker/trainer/inception/nsfwjs.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/files/atomic_file.h"
#include "worker/trainer/inception/dialect.h"
#include "worker/trainer/inception/js_literal.h"
#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/inception/weights_file.h"

namespace melsweep::inception {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kMaxModuleBytes = std::size_t{64} << 20;
constexpr char kModelFolder[] = "dist/models/inception_v3";
constexpr char kConvolutionPrefix[] = "conv2d_";
constexpr char kBatchNormPrefix[] = "batch_normalization_";

struct KerasTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};
using KerasTensors = std::map<std::string, KerasTensor>;  // by Keras's name, "conv2d_1/kernel"

absl::Status in_file(const fs::path& file, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(file.string(), ": ", status.message()));
}

absl::StatusOr<fs::path> find_package(const fs::path& given) {
  std::error_code error;
  for (const char* below : {"", "package", "node_modules/nsfwjs"}) {
    fs::path package = below[0] == '\0' ? given : given / below;
    if (fs::is_directory(package / kModelFolder, error)) return package;
  }
  return absl::NotFoundError(
      absl::StrCat(given.string(), " does not hold nsfwjs: there is no ", kModelFolder,
                   " in it (get it with `npm pack nsfwjs@4.3.0` and unpack the .tgz)"));
}

// "nsfwjs 4.3.0", as package.json says.
std::string source_of(const fs::path& package) {
  constexpr std::size_t kMaxPackageBytes = std::size_t{1} << 20;
  const absl::StatusOr<std::string> text = files::read_file(package / "package.json", kMaxPackageBytes);
  const Json json = text.ok() ? Json::parse(*text, nullptr, /*allow_exceptions=*/false) : Json();
  const bool known = json.is_object() && json.contains("version") && json["version"].is_string();
  return absl::StrCat("nsfwjs ", known ? json["version"].get<std::string>() : "of an unknown version");
}

// A module stands beside the model as NAME.min.js.
absl::StatusOr<std::string> read_module(const fs::path& folder, const std::string& name, fs::path& path) {
  path = folder / (name + ".min.js");
  return files::read_file(path, kMaxModuleBytes);
}

absl::StatusOr<Json> read_manifest(const fs::path& folder) {
  fs::path path;
  const absl::StatusOr<std::string> text = read_module(folder, "model", path);
  if (!text.ok()) return text.status();
  absl::StatusOr<Json> model = find_js_object(*text, "modelTopology");
  if (!model.ok()) return in_file(path, model.status());
  try {
    const Json& groups = model->at("weightsManifest");
    if (groups.size() == 1) return groups.at(0);
    return in_file(path, absl::InvalidArgumentError(absl::StrCat("its weightsManifest has ", groups.size(),
                                                                 " groups; nsfwjs 4.3.0 has one")));
  } catch (const Json::exception& error) {
    return in_file(path, absl::InvalidArgumentError(absl::StrCat("no weightsManifest: ", error.what())));
  }
}

// The bytes of all shards, one after the other.
absl::StatusOr<std::string> read_shards(const fs::path& folder, const std::vector<std::string>& names) {
  std::string bytes;
  for (const std::string& name : names) {
    if (name.find('/') != std::string::npos) {
      return absl::InvalidArgumentError(absl::StrCat(folder.string(), ": the model names the shard ", name));
    }
    fs::path path;
    const absl::StatusOr<std::string> text = read_module(folder, name, path);
    if (!text.ok()) return text.status();
    const absl::StatusOr<std::string> shard = find_base64(*text);
    if (!shard.ok()) return in_file(path, shard.status());
    bytes += *shard;
  }
  return bytes;
}

// One entry of the manifest with its bytes, which are taken off the front of `bytes`.
absl::StatusOr<KerasTensor> take_tensor(const Json& entry, std::string_view& bytes) {
  KerasTensor tensor;
  tensor.shape = entry.at("shape").get<std::vector<std::int64_t>>();
  const Json& quantization = entry.at("quantization");
  if (quantization.at("dtype") != "uint8") return absl::InvalidArgumentError("is not quantised to uint8");
  const auto scale = quantization.at("scale").get<double>();
  const auto min = quantization.at("min").get<double>();
  if (!std::isfinite(scale) || !std::isfinite(min))
    return absl::InvalidArgumentError("has a quantization that is no finite numbers");
  std::uint64_t count = 1;
  for (const std::int64_t extent : tensor.shape) {
    if (extent <= 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(extent), &count)) {
      return absl::InvalidArgumentError("has an impossible shape");
    }
  }
  if (count > bytes.size()) return absl::InvalidArgumentError("is cut off: the shards end before it does");
  tensor.values.reserve(count);
  for (const char byte : bytes.substr(0, count)) {
    tensor.values.push_back(static_cast<float>(static_cast<unsigned char>(byte) * scale + min));
  }
  bytes.remove_prefix(count);
  return tensor;
}

absl::StatusOr<KerasTensors> read_tensors(const fs::path& folder) {
  const absl::StatusOr<Json> manifest = read_manifest(folder);
  if (!manifest.ok()) return manifest.status();
  try {
    const absl::StatusOr<std::string> shards =
        read_shards(folder, manifest->at("paths").get<std::vector<std::string>>());
    if (!shards.ok()) return shards.status();
    std::string_view bytes = *shards;
    KerasTensors tensors;
    for (const Json& entry : manifest->at("weights")) {
      const auto name = entry.at("name").get<std::string>();
      absl::StatusOr<KerasTensor> tensor = take_tensor(entry, bytes);
      if (!tensor.ok())
        return in_file(folder,
                       absl::InvalidArgumentError(absl::StrCat(name, " ", tensor.status().message())));
      if (!tensors.emplace(name, *std::move(tensor)).second)
        return in_file(folder, absl::InvalidArgumentError(absl::StrCat(name, " is there twice")));
    }
    if (bytes.empty()) return tensors;
    return in_file(folder, absl::InvalidArgumentError(
                               absl::StrCat(bytes.size(), " bytes of the shards belong to no tensor")));
  } catch (const Json::exception& error) {
    return in_file(
        folder, absl::InvalidArgumentError(absl::StrCat("its weightsManifest is malformed: ", error.what())));
  }
}

// The numbers N of the convolutions conv2d_N, ascending: Keras counts its layers as it makes them.
std::vector<int> creation_order(const KerasTensors& tensors) {
  std::vector<int> numbers;
  for (const auto& [name, tensor] : tensors) {
    if (!name.starts_with(kConvolutionPrefix) || !name.ends_with("/kernel")) continue;
    int number = 0;
    const std::string_view rest = std::string_view(name).substr(sizeof kConvolutionPrefix - 1);
    if (std::from_chars(rest.data(), rest.data() + rest.size(), number).ec == std::errc())
      numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

// [height, width, in, out] to [out, in, height, width].
std::vector<float> to_oihw(const KerasTensor& kernel) {
  const auto height = static_cast<std::size_t>(kernel.shape[0]);
  const auto width = static_cast<std::size_t>(kernel.shape[1]);
  const auto in = static_cast<std::size_t>(kernel.shape[2]);
  const auto out = static_cast<std::size_t>(kernel.shape[3]);
  std::vector<float> turned(kernel.values.size());
  const std::size_t pixels = height * width;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t i = 0; i < in; ++i) {
      for (std::size_t o = 0; o < out; ++o) {
        turned[(o * in + i) * pixels + pixel] = kernel.values[(pixel * in + i) * out + o];
      }
    }
  }
  return turned;
}

// Converted values and the names they go by.
struct Converted {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

absl::StatusOr<const KerasTensor*> tensor_of_shape(const KerasTensors& tensors, const std::string& name,
                                                   const std::vector<std::int64_t>& shape,
                                                   const std::string& layer) {
  const auto found = tensors.find(name);
  if (found == tensors.end())
    return absl::InvalidArgumentError(absl::StrCat(name, " (", layer, ") is missing"));
  if (found->second.shape != shape) {
    return absl::InvalidArgumentError(absl::StrCat(name, " (", layer, ") has the shape [",
                                                   absl::StrJoin(found->second.shape, ", "), "] instead of [",
                                                   absl::StrJoin(shape, ", "), "]"));
  }
  return &found->second;
}

// A layer's five tensors. Keras trained it without a scale in its BatchNorm: that is ones.
absl::Status convert_layer(const KerasTensors& tensors, int number, const ConvLayer& layer,
                           std::vector<Converted>& converted) {
  const std::int64_t out = layer.out_channels;
  const absl::StatusOr<const KerasTensor*> kernel =
      tensor_of_shape(tensors, absl::StrCat(kConvolutionPrefix, number, "/kernel"),
                      {layer.kernel[0], layer.kernel[1], layer.in_channels, out}, layer.name);
  if (!kernel.ok()) return kernel.status();
  converted.push_back({absl::StrCat(layer.name, ".conv.weight"),
                       {out, layer.in_channels, layer.kernel[0], layer.kernel[1]},
                       to_oihw(**kernel)});
  const std::string norm = absl::StrCat(kBatchNormPrefix, number, "/");
  if (tensors.contains(norm + "gamma")) {
    return absl::InvalidArgumentError(
        absl::StrCat(norm, "gamma (", layer.name, "): this Inception v3 has no BatchNorm scale"));
  }
  converted.push_back(
      {layer.name + ".bn.weight", {out}, std::vector<float>(static_cast<std::size_t>(out), 1.0F)});
  static constexpr std::pair<const char*, const char*> kParts[] = {
      {"beta", "bias"}, {"moving_mean", "running_mean"}, {"moving_variance", "running_var"}};
  for (const auto& [keras, torchvision] : kParts) {
    const absl::StatusOr<const KerasTensor*> part = tensor_of_shape(tensors, norm + keras, {out}, layer.name);
    if (!part.ok()) return part.status();
    converted.push_back({absl::StrCat(layer.name, ".bn.", torchvision), {out}, (*part)->values});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Converted>> convert_layers(const KerasTensors& tensors) {
  const std::vector<ConvLayer>& layers = trunk_layers();
  const std::vector<int> numbers = creation_order(tensors);
  if (numbers.size() != layers.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", numbers.size(), " convolutions; Inception v3 has ", layers.size()));
  }
  std::vector<Converted> converted;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (absl::Status status = convert_layer(tensors, numbers[i], layers[i], converted); !status.ok())
      return status;
  }
  return converted;
}

}  // namespace

absl::Status convert_nsfwjs(const fs::path& given, const fs::path& out) {
  const absl::StatusOr<fs::path> package = find_package(given);
  if (!package.ok()) return package.status();
  const fs::path folder = *package / kModelFolder;
  const absl::StatusOr<KerasTensors> tensors = read_tensors(folder);
  if (!tensors.ok()) return tensors.status();
  const absl::StatusOr<std::vector<Converted>> converted = convert_layers(*tensors);
  if (!converted.ok()) return in_file(folder, converted.status());

  std::vector<NamedTensor> written;
  for (const Converted& tensor : *converted) {
    if (const std::string problem = value_problem(tensor.name, tensor.values); !problem.empty())
      return in_file(folder, absl::InvalidArgumentError(problem));
    written.push_back({tensor.name, tensor.shape, tensor.values});
  }
  Metadata metadata = dialect_metadata({PoolPadding::kNotCounted, InputRange::kZeroToOne});
  metadata.emplace(kSourceKey, source_of(*package));
  return write_safetensors(out, written, metadata);
}

}  // namespace melsweep::inception
