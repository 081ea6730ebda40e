#include "worker/trainer/commands/device.h"

#include <gtest/gtest.h>

namespace melsweep::commands {
namespace {

TEST(Device, IsHeldToTheSameArithmeticEveryTime) {
  at::Context& context = at::globalContext();
  context.setAllowTF32CuDNN(true);
  context.setAllowTF32CuBLAS(true);
  context.setBenchmarkCuDNN(true);
  context.setDeterministicCuDNN(false);
  choose_device(1);
  EXPECT_FALSE(context.allowTF32CuDNN());
  EXPECT_FALSE(context.allowTF32CuBLAS());
  EXPECT_FALSE(context.benchmarkCuDNN());
  EXPECT_TRUE(context.deterministicCuDNN());
}

TEST(Device, ComputesWithTheThreadsAskedFor) {
  choose_device(3);
  EXPECT_EQ(torch::get_num_threads(), 3);
}

}  // namespace
}  // namespace melsweep::commands
