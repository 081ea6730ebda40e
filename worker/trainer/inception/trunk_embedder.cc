#include "worker/trainer/inception/trunk_embedder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/torch_status.h"

namespace melsweep::inception {
namespace {

using features::kBottleneckSize;

// To be raised whenever the arithmetic below, in fused_trunk.cc or in blocks.cc changes: caches made by other
// versions are then not used.
constexpr char kCodeVersion[] = "inception_v3-3-";

constexpr std::size_t kPictureSize = std::size_t{kPictureChannels} * kPictureSide * kPictureSide;

// On CPUs (AMD EPYC 9004, oneDNN 2.6), 1 to 8 pictures run equally fast. The fewer, the less a last batch is
// filled up in vain; with several, there is work for more threads.
constexpr int kCpuBatch = 4;
constexpr int kGpuBatch = 64;

}  // namespace

absl::Status check_precision(Precision precision, const torch::Device& device,
                             std::span<const Precision> native) {
  if (precision == Precision::kFloat32) return absl::OkStatus();
  if (!device.is_cpu()) {
    return absl::FailedPreconditionError(
        absl::StrCat("model.precision: bfloat16 is computed by processors only, and this trainer works on ",
                     device.str(), "; use float32, or a worker without a GPU"));
  }
  if (std::ranges::find(native, precision) != native.end()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "model.precision: this machine's processor has no instructions for bfloat16 (avx512_bf16 among the "
      "flags in "
      "/proc/cpuinfo); use float32, or a worker whose processor has them");
}

std::string TrunkEmbedder::identity_of(const std::string& weights_hash, Precision precision) {
  return absl::StrCat(kCodeVersion, precision == Precision::kBfloat16 ? "bfloat16-" : "", weights_hash);
}

int TrunkEmbedder::batch_size_on(const torch::Device& device) {
  return device.is_cpu() ? kCpuBatch : kGpuBatch;
}

TrunkEmbedder::TrunkEmbedder(InceptionV3 network, const std::string& weights_hash,
                             const torch::Device& device, Precision precision)
    : network_(std::move(network)),
      device_(device),
      precision_(precision),
      identity_(identity_of(weights_hash, precision)),
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
  if (prepared_) return;
  if (device_.is_cpu()) {
    fused_.emplace(network_->folded_layers(), network_->dialect(), batch_size_, precision_);
    network_ = nullptr;
  } else {
    network_->to(device_);
    network_->fold();
  }
  prepared_ = true;
}

void TrunkEmbedder::embed_batch(std::span<const float> pictures, std::span<float> bottlenecks) {
  if (!fused_) return embed_by_network(pictures, bottlenecks);
  const std::span<float> batch = fused_->pictures();
  std::fill(std::ranges::copy(pictures, batch.begin()).out, batch.end(), 0.0F);
  std::ranges::copy(fused_->run().first(bottlenecks.size()), bottlenecks.begin());
}

void TrunkEmbedder::embed_by_network(std::span<const float> pictures, std::span<float> bottlenecks) {
  const torch::InferenceMode inference;
  const auto n = static_cast<std::int64_t>(pictures.size() / kPictureSize);
  torch::Tensor batch = torch::zeros({batch_size_, kPictureChannels, kPictureSide, kPictureSide});
  std::ranges::copy(pictures, batch.data_ptr<float>());
  // Channels last is the layout in which cuDNN needs no reordering between layers: 1.3 to 1.4 times
  // as fast.
  batch = batch.to(device_).contiguous(at::MemoryFormat::ChannelsLast);
  const torch::Tensor pooled = network_->forward(batch).slice(0, 0, n).to(torch::kCPU).contiguous();
  std::copy_n(pooled.data_ptr<float>(), bottlenecks.size(), bottlenecks.data());
}

}  // namespace melsweep::inception
