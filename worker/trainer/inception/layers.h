// The convolutions of Inception v3's trunk, by torchvision's names. This table is what the network is built
// from, what files are checked against, and, because Keras creates its layers in the same order, what Keras
// weights are named by. Source: torchvision/models/inception.py; Szegedy et al., "Rethinking the Inception
// Architecture" (2015).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace melsweep::inception {

inline constexpr int kPictureSide = 299;  // pixels
inline constexpr int kPictureChannels = 3;
inline constexpr double kBatchNormEpsilon = 1e-3;

// A convolution without bias, then BatchNorm, then ReLU.
struct ConvLayer {
  std::string name;  // "Conv2d_1a_3x3", "Mixed_5b.branch1x1"
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::array<std::int64_t, 2> kernel = {1, 1};  // height, width
  std::int64_t stride = 1;
  std::array<std::int64_t, 2> padding = {0, 0};  // rows above and below, columns left and right
};

// The 94 of them, in torchvision's (and Keras's creation) order.
const std::vector<ConvLayer>& trunk_layers();

// What a weights file must hold for a layer: <layer>.conv.weight [out, in, height, width] and
// <layer>.bn.{weight,bias,running_mean,running_var} [out].
struct ParameterSpec {
  std::string name;
  std::vector<std::int64_t> shape;
};
std::vector<ParameterSpec> trunk_parameters();

// Blocks that can be unfrozen one by one, from the picture to the bottleneck.
inline constexpr std::array<std::string_view, 11> kBlockNames = {
    "Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c",
    "Mixed_6d", "Mixed_6e", "Mixed_7a", "Mixed_7b", "Mixed_7c"};

}  // namespace melsweep::inception
