#include "worker/trainer/models/windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::models {
namespace {

using ::testing::ElementsAre;

TEST(WindowsTest, WithoutALengthTheWholeSoundIsOne) {
  EXPECT_THAT(windows_of(12345, 100, {}), ElementsAre(Window{0, 12345}));
}

TEST(WindowsTest, ASoundNoLongerThanAWindowIsOne) {
  EXPECT_THAT(windows_of(1, 100, {.window_s = 4.0}), ElementsAre(Window{0, 1}));
  EXPECT_THAT(windows_of(400, 100, {.window_s = 4.0}), ElementsAre(Window{0, 400}));
}

TEST(WindowsTest, TheHopIsTheLengthUnlessSaid) {
  EXPECT_THAT(windows_of(800, 100, {.window_s = 4.0}), ElementsAre(Window{0, 400}, Window{400, 800}));
  EXPECT_THAT(windows_of(800, 100, {.window_s = 4.0, .hop_s = 2.0}),
              ElementsAre(Window{0, 400}, Window{200, 600}, Window{400, 800}));
}

TEST(WindowsTest, TheLastEndsWithTheSoundAndIsAsLong) {
  EXPECT_THAT(windows_of(401, 100, {.window_s = 4.0}), ElementsAre(Window{0, 400}, Window{1, 401}));
  EXPECT_THAT(windows_of(900, 100, {.window_s = 4.0}),
              ElementsAre(Window{0, 400}, Window{400, 800}, Window{500, 900}));
}

TEST(WindowsTest, AHopBeyondTheLengthLeavesSomethingOut) {
  EXPECT_THAT(windows_of(1000, 100, {.window_s = 1.0, .hop_s = 4.0}),
              ElementsAre(Window{0, 100}, Window{400, 500}, Window{800, 900}, Window{900, 1000}));
}

TEST(WindowsTest, LengthsBelowASampleAndBeyondAllSoundsAreNoTrap) {
  EXPECT_EQ(windows_of(10, 100, {.window_s = 1e-9, .hop_s = 1e-9}).size(), 10);
  EXPECT_THAT(windows_of(10, 100, {.window_s = 1e300}), ElementsAre(Window{0, 10}));
}

}  // namespace
}  // namespace melsweep::models
