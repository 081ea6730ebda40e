#include "worker/trainer/inception/layers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

namespace melsweep::inception {
namespace {

TEST(Layers, AreThoseOfTorchvisionsTrunk) {
  EXPECT_EQ(trunk_layers().size(), 94U);
  EXPECT_EQ(trunk_layers().front().name, "Conv2d_1a_3x3");
  EXPECT_EQ(trunk_layers().back().name, "Mixed_7c.branch_pool");

  // torchvision's inception_v3(aux_logits=False) has 23,834,568 parameters, 2,049,000 of them fc's.
  std::int64_t learned = 0;
  std::set<std::string> names;
  for (const ParameterSpec& parameter : trunk_parameters()) {
    EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
    if (parameter.name.find("running_") != std::string::npos) continue;
    std::int64_t count = 1;
    for (const std::int64_t extent : parameter.shape) count *= extent;
    learned += count;
  }
  EXPECT_EQ(learned, 23834568 - 2049000);
}

}  // namespace
}  // namespace melsweep::inception
