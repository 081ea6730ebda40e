#include "worker/trainer/models/classifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "shared/files/digest.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/torch_status.h"
#include "worker/trainer/training/head.h"
#include "worker/trainer/training/head_file.h"
#include "worker/trainer/training/head_group.h"
#include "worker/trainer/training/network_learner.h"
#include "worker/trainer/training/softmax.h"

namespace melsweep::models {
namespace {

using features::kBottleneckSize;
using inception::SafetensorsFile;

std::string whose(const TrainedModel& model) {
  return fmt::format("trial {} of sweep '{}'", model.origin.trial, model.origin.sweep);
}

absl::Status to_probabilities(std::span<const float> logits, std::size_t classes,
                              std::span<float> probabilities) {
  for (std::size_t at = 0; at < logits.size(); at += classes) {
    training::softmax(logits.subspan(at, classes), probabilities.subspan(at, classes));
  }
  const auto finite = [](float value) { return std::isfinite(value); };
  if (std::ranges::all_of(probabilities, finite)) return absl::OkStatus();
  return absl::OutOfRangeError("the model gives no finite numbers: its training diverged");
}

// trainable: head.
class HeadClassifier final : public Classifier {
 public:
  HeadClassifier(const TrainedModel& model, const ModelFiles& files, const torch::Device& device)
      : features_(model.settings.features),
        embedder_(files.trunk, device, model.settings.model.precision),
        head_(files.head, model.settings.training) {}

  // Why this machine cannot run it.
  absl::Status check() const { return embedder_.check(); }

  absl::Status classify(std::span<const audio::SpectrogramView> spectrograms,
                        std::span<float> probabilities) override {
    std::vector<float> bottlenecks(spectrograms.size() * kBottleneckSize);
    if (absl::Status status = embed(spectrograms, bottlenecks); !status.ok()) return status;
    std::vector<const float*> rows;
    rows.reserve(spectrograms.size());
    for (std::size_t i = 0; i < spectrograms.size(); ++i) {
      rows.push_back(bottlenecks.data() + i * kBottleneckSize);
    }
    std::vector<float> logits(probabilities.size());
    training::Head* const head = &head_;
    const std::span<float> out(logits);
    group_.logits({&head, 1}, rows, {&out, 1});
    return to_probabilities(logits, head_.classes(), probabilities);
  }

 private:
  absl::Status embed(std::span<const audio::SpectrogramView> spectrograms, std::span<float> bottlenecks) {
    const auto batch = static_cast<std::size_t>(embedder_.batch_size());
    for (std::size_t first = 0; first < spectrograms.size(); first += batch) {
      const std::size_t count = std::min(batch, spectrograms.size() - first);
      std::vector<float> pictures(count * audio::kPictureValues);
      for (std::size_t i = 0; i < count; ++i) {
        audio::make_picture(spectrograms[first + i], features_,
                            std::span(pictures).subspan(i * audio::kPictureValues, audio::kPictureValues));
      }
      absl::Status status =
          embedder_.embed(pictures, bottlenecks.subspan(first * kBottleneckSize, count * kBottleneckSize));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  FeatureSettings features_;
  training::LazyEmbedder embedder_;
  training::Head head_;
  training::HeadGroup group_;
};

// trainable: blocks | all.
class NetworkClassifier final : public Classifier {
 public:
  NetworkClassifier(const TrainedModel& model, SafetensorsFile file, inception::InceptionV3 network,
                    const torch::Device& device)
      : file_(std::move(file)),
        network_(std::move(network)),
        classes_(model.labels.size()),
        options_{.features = model.settings.features,
                 .trainable = model.settings.model.trainable,
                 .device = device} {}

  absl::Status classify(std::span<const audio::SpectrogramView> spectrograms,
                        std::span<float> probabilities) override {
    const std::size_t count = spectrograms.size();
    training::Examples examples;
    examples.items.resize(count);
    examples.classes = classes_;
    std::vector<features::StoredMatrix> rows;
    rows.reserve(count);
    for (const audio::SpectrogramView& view : spectrograms) {
      rows.push_back({.rows = view.bands, .columns = view.frames, .values = view.values, .file = nullptr});
    }
    training::NetworkLearner learner(examples, features::SpectrogramTable(std::move(rows)), network_,
                                     options_);
    if (absl::Status status = learner.restore(file_); !status.ok()) return status;
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<float> logits(probabilities.size());
    if (absl::Status status = learner.logits(all, logits, {}); !status.ok()) return status;
    return to_probabilities(logits, classes_, probabilities);
  }

 private:
  SafetensorsFile file_;
  inception::InceptionV3 network_;
  std::size_t classes_;
  training::NetworkLearner::Options options_;
};

bool holds_trunk(const SafetensorsFile& file) {
  return file.find(inception::trunk_parameters().front().name) != nullptr;
}

// The file of the model itself, every byte looked at.
absl::StatusOr<SafetensorsFile> open_model(const TrainedModel& model) {
  const std::string& path = model.file.path;
  const absl::StatusOr<std::string> hash = files::sha256_file(path);
  if (absl::IsNotFound(hash.status())) {
    return absl::NotFoundError(
        fmt::format("the model of {} is not at {}: it is kept beside the database of the coordinator, whose "
                    "artifact folder must be reachable here under that name; or export it there, and use "
                    "the exported folder",
                    whose(model), path));
  }
  if (!hash.ok()) return hash.status();
  if (*hash != model.file.sha256) {
    return absl::FailedPreconditionError(
        fmt::format("{} is not the model of {} (SHA-256 {}, but {} was recorded): put that file back, or "
                    "choose another trial",
                    path, whose(model), *hash, model.file.sha256));
  }
  absl::StatusOr<SafetensorsFile> file = SafetensorsFile::open(path);
  if (!file.ok()) return file.status();
  if (absl::Status status = inception::check_content(*file); !status.ok()) return status;
  return file;
}

// What the trial began with.
absl::StatusOr<training::Weights> find_start(const TrainedModel& model) {
  training::WeightsFinder finder;
  absl::StatusOr<training::Weights> weights = finder.find(model.start.path);
  if (!weights.ok()) return weights.status();
  if (weights->hash != model.start.sha256) {
    return absl::FailedPreconditionError(
        fmt::format("the weights {} are not those that {} was trained with (SHA-256 {} here, {} then): the "
                    "model is its last layer on top of them; put that file there again",
                    weights->path.string(), whose(model), weights->hash, model.start.sha256));
  }
  if (absl::Status status = finder.check(*weights); !status.ok()) return status;
  return weights;
}

}  // namespace

absl::StatusOr<ModelFiles> find_files(const TrainedModel& model) {
  absl::StatusOr<SafetensorsFile> file = open_model(model);
  if (!file.ok()) return file.status();
  absl::StatusOr<training::HeadWeights> head =
      training::read_head(*file, model.labels.size(), kBottleneckSize);
  if (!head.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("{}: {}", model.file.path, std::string(head.status().message())));
  }
  absl::StatusOr<training::Weights> trunk =
      holds_trunk(*file) ? training::Weights{.path = model.file.path, .hash = model.file.sha256}
                         : find_start(model);
  if (!trunk.ok()) return trunk.status();
  return ModelFiles{.file = *std::move(file), .head = *std::move(head), .trunk = *std::move(trunk)};
}

absl::StatusOr<std::unique_ptr<Classifier>> load_classifier(const TrainedModel& model,
                                                            const torch::Device& device) {
  absl::StatusOr<ModelFiles> files = find_files(model);
  if (!files.ok()) return files.status();
  if (model.settings.model.trainable.kind == TrainableKind::kHead) {
    auto classifier = std::make_unique<HeadClassifier>(model, *files, device);
    if (absl::Status status = classifier->check(); !status.ok()) return status;
    return classifier;
  }
  absl::StatusOr<inception::InceptionV3> network = training::load(files->trunk);
  if (!network.ok()) return network.status();
  return std::make_unique<NetworkClassifier>(model, std::move(files->file), *std::move(network), device);
}

}  // namespace melsweep::models
