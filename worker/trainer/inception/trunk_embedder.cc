#include "worker/trainer/inception/trunk_embedder.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/torch_status.h"

namespace melsweep::inception {
namespace {

using features::kBottleneckSize;

// To be raised whenever the arithmetic in fused_trunk.cc, network_trunk.cc or blocks.cc changes: caches made
// by other versions are then not used.
constexpr char kCodeVersion[] = "inception_v3-3-";

constexpr std::size_t kPictureSize = std::size_t{kPictureChannels} * kPictureSide * kPictureSide;

// On CPUs (AMD EPYC 9004, oneDNN 2.6), 1 to 8 pictures run equally fast. The fewer, the less a last batch is
// filled up in vain; with several, there is work for more threads.
constexpr int kCpuBatch = 4;
constexpr int kGpuBatch = 64;

}  // namespace

absl::Status check_precision(Precision precision, const torch::Device& device,
                             std::span<const Precision> native) {
  if (precision == Precision::kFloat32 || !device.is_cpu()) return absl::OkStatus();
  if (std::ranges::find(native, precision) != native.end()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "model.precision: this machine's processor has no instructions for bfloat16 (avx512_bf16 among the "
      "flags in "
      "/proc/cpuinfo); use float32, or a worker whose processor has them");
}

std::string TrunkEmbedder::identity_of(const std::string& weights_hash, Precision precision,
                                       const torch::Device& device) {
  if (precision == Precision::kFloat32) return absl::StrCat(kCodeVersion, weights_hash);
  return absl::StrCat(kCodeVersion, device.is_cpu() ? "bfloat16-" : "bfloat16-gpu-", weights_hash);
}

int TrunkEmbedder::batch_size_on(const torch::Device& device) {
  return device.is_cpu() ? kCpuBatch : kGpuBatch;
}

TrunkEmbedder::TrunkEmbedder(InceptionV3 network, const std::string& weights_hash,
                             const torch::Device& device, Precision precision)
    : network_(std::move(network)),
      device_(device),
      precision_(precision),
      identity_(identity_of(weights_hash, precision, device)),
      batch_size_(batch_size_on(device)) {}

absl::Status TrunkEmbedder::embed(std::span<const float> pictures, std::span<float> bottlenecks) {
  const std::size_t count = pictures.size() / kPictureSize;
  if (count == 0 || pictures.size() != count * kPictureSize ||
      bottlenecks.size() != count * kBottleneckSize) {
    return absl::InvalidArgumentError(absl::StrCat(pictures.size(), " numbers for pictures of ", kPictureSize,
                                                   " and ", bottlenecks.size(), " for bottlenecks of ",
                                                   kBottleneckSize, " do not match"));
  }
  const auto batch = static_cast<std::size_t>(batch_size_);
  return catch_torch([&] {
    prepare();
    for (std::size_t begin = 0; begin < count; begin += batch) {
      const std::size_t n = std::min(batch, count - begin);
      embed_batch(pictures.subspan(begin * kPictureSize, n * kPictureSize),
                  bottlenecks.subspan(begin * kBottleneckSize, n * kBottleneckSize));
    }
  });
}

void TrunkEmbedder::prepare() {
  if (fused_ || by_network_) return;
  if (device_.is_cpu()) {
    fused_.emplace(network_->folded_layers(), network_->dialect(), batch_size_, precision_);
  } else {
    by_network_.emplace(network_, device_, batch_size_, precision_);
  }
  network_ = nullptr;
}

void TrunkEmbedder::embed_batch(std::span<const float> pictures, std::span<float> bottlenecks) {
  const std::span<float> batch = fused_ ? fused_->pictures() : by_network_->pictures();
  std::fill(std::ranges::copy(pictures, batch.begin()).out, batch.end(), 0.0F);
  const std::span<const float> made = fused_ ? fused_->run() : by_network_->run();
  std::ranges::copy(made.first(bottlenecks.size()), bottlenecks.begin());
}

}  // namespace melsweep::inception
