// The weights of a trial's network: found, named by content, loaded only when a picture must be embedded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/settings.h"
#include "worker/trainer/features/embedder.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/inception/trunk_embedder.h"

namespace melsweep::training {

struct Weights {
  std::filesystem::path path;  // empty for untrained weights
  std::string hash;            // SHA-256 of the file; "random"
  friend bool operator==(const Weights&, const Weights&) = default;
};

// Finds weights by ModelSettings::weights. What it read of a file it remembers until the file's size or time
// of change is another. Not thread-safe.
class WeightsFinder {
 public:
  // NotFound says where it looked; otherwise the system's reason.
  absl::StatusOr<Weights> find(const std::string& name);

  // Of weights that it found: InvalidArgument says what is wrong with the file, every number looked at.
  // Untrained weights are always good.
  absl::Status check(const Weights& weights);

 private:
  struct Seen {
    std::string hash;
    std::uintmax_t size = 0;
    std::filesystem::file_time_type changed;
    std::optional<absl::Status> verdict;  // of check()
  };
  std::map<std::filesystem::path, Seen> seen_;
};

// FailedPrecondition where the file no longer has the hash, else load_network()'s errors. Untrained weights
// are the same for every trial.
absl::StatusOr<inception::InceptionV3> load(const Weights& weights);

// TrunkEmbedder that loads its network at the first picture: with every bottleneck in the cache it never
// does.
class LazyEmbedder final : public features::Embedder {
 public:
  LazyEmbedder(Weights weights, const torch::Device& device, Precision precision);

  std::string identity() const override;
  absl::Status check() const override;  // check_precision()'s
  int batch_size() const override;
  absl::Status embed(std::span<const float> pictures, std::span<float> bottlenecks) override;

 private:
  Weights weights_;
  torch::Device device_;
  Precision precision_;
  std::unique_ptr<inception::TrunkEmbedder> embedder_;
};

}  // namespace melsweep::training
