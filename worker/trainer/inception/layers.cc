#include "worker/trainer/inception/layers.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::inception {
namespace {

// A square kernel; padding keeps the size where the stride is 1 and it is half of the kernel.
ConvLayer square(std::string name, std::int64_t in, std::int64_t out, std::int64_t side,
                 std::int64_t stride = 1, std::int64_t padding = 0) {
  return {std::move(name), in, out, {side, side}, stride, {padding, padding}};
}

ConvLayer row(std::string name, std::int64_t in, std::int64_t out, std::int64_t length) {
  return {std::move(name), in, out, {1, length}, 1, {0, length / 2}};
}

ConvLayer column(std::string name, std::int64_t in, std::int64_t out, std::int64_t length) {
  return {std::move(name), in, out, {length, 1}, 1, {length / 2, 0}};
}

std::vector<ConvLayer> stem() {
  return {square("Conv2d_1a_3x3", kPictureChannels, 32, 3, 2), square("Conv2d_2a_3x3", 32, 32, 3),
          square("Conv2d_2b_3x3", 32, 64, 3, 1, 1), square("Conv2d_3b_1x1", 64, 80, 1),
          square("Conv2d_4a_3x3", 80, 192, 3)};
}

// 35 x 35. Gives 224 + pool channels.
std::vector<ConvLayer> block_a(std::int64_t in, std::int64_t pool) {
  return {square("branch1x1", in, 64, 1),
          square("branch5x5_1", in, 48, 1),
          square("branch5x5_2", 48, 64, 5, 1, 2),
          square("branch3x3dbl_1", in, 64, 1),
          square("branch3x3dbl_2", 64, 96, 3, 1, 1),
          square("branch3x3dbl_3", 96, 96, 3, 1, 1),
          square("branch_pool", in, pool, 1)};
}

// 35 x 35 to 17 x 17. Gives 480 + in channels.
std::vector<ConvLayer> block_b(std::int64_t in) {
  return {square("branch3x3", in, 384, 3, 2), square("branch3x3dbl_1", in, 64, 1),
          square("branch3x3dbl_2", 64, 96, 3, 1, 1), square("branch3x3dbl_3", 96, 96, 3, 2)};
}

// 17 x 17, 768 channels to 768, `mid` within the branches.
std::vector<ConvLayer> block_c(std::int64_t mid) {
  constexpr std::int64_t kIn = 768;
  constexpr std::int64_t kOut = 192;
  return {square("branch1x1", kIn, kOut, 1),     square("branch7x7_1", kIn, mid, 1),
          row("branch7x7_2", mid, mid, 7),       column("branch7x7_3", mid, kOut, 7),
          square("branch7x7dbl_1", kIn, mid, 1), column("branch7x7dbl_2", mid, mid, 7),
          row("branch7x7dbl_3", mid, mid, 7),    column("branch7x7dbl_4", mid, mid, 7),
          row("branch7x7dbl_5", mid, kOut, 7),   square("branch_pool", kIn, kOut, 1)};
}

// 17 x 17 to 8 x 8, 768 channels to 1280.
std::vector<ConvLayer> block_d() {
  return {square("branch3x3_1", 768, 192, 1),   square("branch3x3_2", 192, 320, 3, 2),
          square("branch7x7x3_1", 768, 192, 1), row("branch7x7x3_2", 192, 192, 7),
          column("branch7x7x3_3", 192, 192, 7), square("branch7x7x3_4", 192, 192, 3, 2)};
}

// 8 x 8. Gives 2048 channels.
std::vector<ConvLayer> block_e(std::int64_t in) {
  return {square("branch1x1", in, 320, 1),      square("branch3x3_1", in, 384, 1),
          row("branch3x3_2a", 384, 384, 3),     column("branch3x3_2b", 384, 384, 3),
          square("branch3x3dbl_1", in, 448, 1), square("branch3x3dbl_2", 448, 384, 3, 1, 1),
          row("branch3x3dbl_3a", 384, 384, 3),  column("branch3x3dbl_3b", 384, 384, 3),
          square("branch_pool", in, 192, 1)};
}

std::vector<ConvLayer> make_trunk() {
  std::vector<ConvLayer> layers = stem();
  const std::array<std::vector<ConvLayer>, kBlockNames.size()> blocks = {
      block_a(192, 32), block_a(256, 64), block_a(288, 64), block_b(288),  block_c(128), block_c(160),
      block_c(160),     block_c(192),     block_d(),        block_e(1280), block_e(2048)};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (ConvLayer layer : blocks[i]) {
      layer.name = absl::StrCat(std::string(kBlockNames[i]), ".", layer.name);
      layers.push_back(std::move(layer));
    }
  }
  return layers;
}

}  // namespace

const std::vector<ConvLayer>& trunk_layers() {
  static const std::vector<ConvLayer> layers = make_trunk();
  return layers;
}

std::vector<ParameterSpec> trunk_parameters() {
  std::vector<ParameterSpec> parameters;
  for (const ConvLayer& layer : trunk_layers()) {
    parameters.push_back({absl::StrCat(layer.name, ".conv.weight"),
                          {layer.out_channels, layer.in_channels, layer.kernel[0], layer.kernel[1]}});
    for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
      parameters.push_back({absl::StrCat(layer.name, ".bn.", part), {layer.out_channels}});
    }
  }
  return parameters;
}

}  // namespace melsweep::inception
