#include "worker/trainer/vorbis/agreement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace melsweep::vorbis {
namespace {

class VorbisAgreement : public testing::Test {
 protected:
  // How many blocks of two samples come through.
  std::size_t passed(const std::vector<float>& samples) {
    std::size_t blocks = 0;
    const Receiver receiver{.begin = [](const StreamInfo&) { return true; },
                            .take =
                                [&blocks](std::span<const float>) {
                                  ++blocks;
                                  return blocks < 3;
                                }};
    const Receiver held = held_against(others_, receiver);
    EXPECT_TRUE(held.begin({}));
    for (std::size_t at = 0; at < samples.size(); at += 2) {
      if (!held.take(std::span(samples).subspan(at, 2))) break;
    }
    return blocks;
  }

  const std::vector<float> others_ = {0.5F, -0.25F, 0.75F, 0.125F};
};

TEST_F(VorbisAgreement, LetsThroughWhatIsWithinTheTolerance) {
  EXPECT_EQ(passed({0.5F, -0.250001F, 0.750009F, 0.125F}), 2U);
}

TEST_F(VorbisAgreement, RefusesFromTheFirstSampleOnThatIsNot) {
  EXPECT_EQ(passed({0.5F, -0.25F, 0.75F, 0.12502F}), 1U);
  EXPECT_EQ(passed({0.5F, NAN, 0.75F, 0.125F}), 0U);
}

TEST_F(VorbisAgreement, RefusesMoreSamplesThanTheOthersAre) {
  EXPECT_EQ(passed({0.5F, -0.25F, 0.75F, 0.125F, 0.0F, 0.0F}), 2U);
}

}  // namespace
}  // namespace melsweep::vorbis
