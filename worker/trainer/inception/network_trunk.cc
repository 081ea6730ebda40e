#include "worker/trainer/inception/network_trunk.h"

#include <cstddef>

#include "worker/trainer/inception/layers.h"

namespace melsweep::inception {
namespace {

torch::Dtype dtype_of(Precision precision) {
  return precision == Precision::kBfloat16 ? torch::kBFloat16 : torch::kFloat32;
}

std::span<float> values_of(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace

NetworkTrunk::NetworkTrunk(const InceptionV3& network, const torch::Device& device, int batch_size,
                           Precision precision)
    : network_(network),
      there_(torch::TensorOptions().device(device).dtype(dtype_of(precision))),
      pictures_(torch::zeros({batch_size, kPictureChannels, kPictureSide, kPictureSide})) {
  network_->to(device);
  network_->fold(dtype_of(precision));
}

std::span<float> NetworkTrunk::pictures() {
  return values_of(pictures_);
}

std::span<const float> NetworkTrunk::run() {
  const torch::InferenceMode inference;
  // Channels last is the layout in which cuDNN needs no reordering between layers: 1.3 to 1.4 times
  // as fast.
  const torch::Tensor batch = pictures_.to(there_).contiguous(at::MemoryFormat::ChannelsLast);
  bottlenecks_ = network_->forward(batch).to(torch::kCPU, torch::kFloat32).contiguous();
  return values_of(bottlenecks_);
}

}  // namespace melsweep::inception
