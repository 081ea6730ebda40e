#include "worker/trainer/audio/color_map.h"

#include <gtest/gtest.h>

namespace melsweep::audio {
namespace {

// Expected values printed by matplotlib 3: colormaps['magma'](x) and colormaps['viridis'](x).
TEST(ColorMap, HoldsMatplotlibsMagma) {
  const std::span<const Color> magma = color_map(ImageColors::kMagma);
  ASSERT_EQ(magma.size(), 256U);
  EXPECT_EQ(magma[color_index(0.0F)], (Color{0.001462F, 0.000466F, 0.013866F}));
  EXPECT_EQ(magma[color_index(0.25F)], (Color{0.316654F, 0.07169F, 0.48538F}));
  EXPECT_EQ(magma[color_index(0.5F)], (Color{0.716387F, 0.214982F, 0.47529F}));
  EXPECT_EQ(magma[color_index(1.0F)], (Color{0.987053F, 0.991438F, 0.749504F}));
}

TEST(ColorMap, HoldsMatplotlibsViridis) {
  const std::span<const Color> viridis = color_map(ImageColors::kViridis);
  ASSERT_EQ(viridis.size(), 256U);
  EXPECT_EQ(viridis[color_index(0.0F)], (Color{0.267004F, 0.004874F, 0.329415F}));
  EXPECT_EQ(viridis[color_index(0.25F)], (Color{0.229739F, 0.322361F, 0.545706F}));
  EXPECT_EQ(viridis[color_index(0.5F)], (Color{0.127568F, 0.566949F, 0.550556F}));
  EXPECT_EQ(viridis[color_index(1.0F)], (Color{0.993248F, 0.906157F, 0.143936F}));
}

TEST(ColorMap, GivesEveryEntryAnEqualShare) {
  EXPECT_EQ(color_index(0.0F), 0U);
  EXPECT_EQ(color_index(0.0039F), 0U);
  EXPECT_EQ(color_index(0.00391F), 1U);
  EXPECT_EQ(color_index(0.999F), 255U);
  EXPECT_EQ(color_index(1.0F), 255U);
}

}  // namespace
}  // namespace melsweep::audio
