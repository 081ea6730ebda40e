#include "worker/trainer/commands/embed_command.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/files/digest.h"
#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/inception/trunk_embedder.h"
#include "worker/trainer/inception/weights_path.h"

namespace melsweep::commands {
namespace {

struct Arguments {
  std::string weights;
  std::string in;
  std::string out;
};

// [3, 299, 299] or [n, 3, 299, 299], every number in [0, 1].
absl::Status check_pictures(const std::string& path, const arrays::Array& pictures) {
  using inception::kPictureChannels;
  using inception::kPictureSide;
  const std::vector<std::size_t> one = {kPictureChannels, kPictureSide, kPictureSide};
  const std::vector<std::size_t>& shape = pictures.shape;
  const bool many =
      shape.size() == one.size() + 1 && shape[0] > 0 && std::equal(one.begin(), one.end(), shape.begin() + 1);
  if (shape != one && !many) {
    return absl::InvalidArgumentError(absl::StrCat(path, " has the shape [", absl::StrJoin(shape, ", "),
                                                   "]; pictures are [3, 299, 299] or [n, 3, 299, 299]"));
  }
  const auto outside =
      std::ranges::find_if(pictures.values, [](float value) { return !(value >= 0.0F && value <= 1.0F); });
  if (outside == pictures.values.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path, " holds ", *outside, "; pictures have numbers from 0 to 1"));
}

absl::StatusOr<inception::TrunkEmbedder> make_embedder(const std::string& weights) {
  if (weights == inception::kRandomWeights)
    return inception::TrunkEmbedder(inception::random_network(0), weights);
  const absl::StatusOr<std::filesystem::path> path = inception::resolve_weights(weights);
  if (!path.ok()) return path.status();
  absl::StatusOr<inception::InceptionV3> network = inception::load_network(*path);
  if (!network.ok()) return network.status();
  const absl::StatusOr<std::string> hash = files::sha256_file(*path);
  if (!hash.ok()) return hash.status();
  return inception::TrunkEmbedder(*std::move(network), *hash);
}

absl::Status embed(const Arguments& arguments) {
  const absl::StatusOr<arrays::Array> pictures = arrays::read_npy(arguments.in);
  if (!pictures.ok()) return pictures.status();
  if (absl::Status status = check_pictures(arguments.in, *pictures); !status.ok()) return status;
  absl::StatusOr<inception::TrunkEmbedder> embedder = make_embedder(arguments.weights);
  if (!embedder.ok()) return embedder.status();

  // As many leading extents as the pictures had.
  std::vector<std::size_t> shape(pictures->shape.begin(), pictures->shape.end() - 3);
  std::vector<float> bottlenecks((shape.empty() ? 1 : shape[0]) * features::kBottleneckSize);
  shape.push_back(features::kBottleneckSize);
  if (absl::Status status = embedder->embed(pictures->values, bottlenecks); !status.ok()) return status;
  return arrays::write_npy(arguments.out, shape, bottlenecks);
}

}  // namespace

void add_embed_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("embed", "Run Inception v3's trunk over pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("--weights", arguments->weights, "A weights file, or \"random\"")->required();
  verb->add_option("IN", arguments->in, "[3, 299, 299] or [n, 3, 299, 299], numbers from 0 to 1 (.npy)")
      ->required();
  verb->add_option("OUT", arguments->out, "[2048] or [n, 2048] (.npy)")->required();
  verb->callback([arguments, &exit_code] {
    const absl::Status status = embed(*arguments);
    if (!status.ok()) std::cerr << "melsweep-trainer embed: " << status.message() << '\n';
    exit_code = status.ok() ? 0 : 1;
  });
}

}  // namespace melsweep::commands
