#include "worker/trainer/training/weights.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "shared/files/digest.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/inception/torch_status.h"
#include "worker/trainer/inception/weights_file.h"
#include "worker/trainer/inception/weights_path.h"

namespace melsweep::training {
namespace {

// A sweep with untrained weights is about its data and its plumbing: its trials differ in their heads alone,
// so that they share bottlenecks as trials on real weights do.
constexpr std::uint64_t kUntrainedSeed = 0;

}  // namespace

absl::StatusOr<Weights> WeightsFinder::find(const std::string& name) {
  if (name == inception::kRandomWeights) return Weights{.path = {}, .hash = name};
  const auto path = inception::resolve_weights(name);
  if (!path.ok()) return path.status();
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(*path, error);
  const auto changed = std::filesystem::last_write_time(*path, error);
  if (error) {
    return absl::NotFoundError(fmt::format("cannot read weights {}: {}", path->string(), error.message()));
  }
  const auto seen = seen_.find(*path);
  if (seen != seen_.end() && seen->second.size == size && seen->second.changed == changed) {
    return Weights{.path = *path, .hash = seen->second.hash};
  }
  const auto hash = files::sha256_file(*path);
  if (!hash.ok()) return hash.status();
  seen_.insert_or_assign(*path, Seen{.hash = *hash, .size = size, .changed = changed, .verdict = {}});
  return Weights{.path = *path, .hash = *hash};
}

absl::Status WeightsFinder::check(const Weights& weights) {
  if (weights.path.empty()) return absl::OkStatus();
  Seen& seen = seen_.at(weights.path);
  if (seen.verdict) return *seen.verdict;
  const auto file = inception::SafetensorsFile::open(weights.path);
  absl::Status status = file.ok() ? inception::check_weights(*file).status() : file.status();
  // What the machine failed at may work the next time.
  if (status.ok() || absl::IsInvalidArgument(status)) seen.verdict = status;
  return status;
}

absl::StatusOr<inception::InceptionV3> load(const Weights& weights) {
  absl::StatusOr<inception::InceptionV3> network = absl::UnknownError("not loaded");
  const absl::Status status = inception::catch_torch([&] {
    network = weights.path.empty() ? inception::random_network(kUntrainedSeed)
                                   : inception::load_network(weights.path);
  });
  if (!status.ok()) return status;
  if (!network.ok() || weights.path.empty()) return network;
  // What was loaded gives its name to everything that is cached: a file replaced meanwhile must not pass for
  // the other.
  const auto hash = files::sha256_file(weights.path);
  if (!hash.ok()) return hash.status();
  if (*hash != weights.hash) {
    return absl::FailedPreconditionError(
        fmt::format("weights {} changed while the sweep ran; put the file back or start the sweep again",
                    weights.path.string()));
  }
  return network;
}

LazyEmbedder::LazyEmbedder(Weights weights, const torch::Device& device, Precision precision)
    : weights_(std::move(weights)), device_(device), precision_(precision) {}

std::string LazyEmbedder::identity() const {
  return inception::TrunkEmbedder::identity_of(weights_.hash, precision_, device_);
}

absl::Status LazyEmbedder::check() const {
  return inception::check_precision(precision_, device_);
}

int LazyEmbedder::batch_size() const {
  return inception::TrunkEmbedder::batch_size_on(device_);
}

absl::Status LazyEmbedder::embed(std::span<const float> pictures, std::span<float> bottlenecks) {
  if (embedder_ == nullptr) {
    auto network = load(weights_);
    if (!network.ok()) return network.status();
    absl::Status status = inception::catch_torch([&] {
      embedder_ =
          std::make_unique<inception::TrunkEmbedder>(*std::move(network), weights_.hash, device_, precision_);
    });
    if (!status.ok()) return status;
  }
  return embedder_->embed(pictures, bottlenecks);
}

}  // namespace melsweep::training
