// Against a library that stands in for NVML (stand_in_nvml.cc).
#include "worker/agent/gpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace melsweep::agent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

std::vector<std::string> uuids(const std::optional<std::string>& visible) {
  const auto gpus = find_gpus(visible, STAND_IN_NVML);
  EXPECT_TRUE(gpus.ok()) << gpus.status();
  std::vector<std::string> uuids;
  for (const Gpu& gpu : *gpus) uuids.push_back(gpu.uuid);
  return uuids;
}

TEST(FindGpus, AreAllWithTheirMemory) {
  const auto gpus = find_gpus(std::nullopt, STAND_IN_NVML);
  ASSERT_TRUE(gpus.ok()) << gpus.status();
  ASSERT_EQ(gpus->size(), 2U);
  EXPECT_EQ(gpus->front().uuid, "GPU-aaaa");
  EXPECT_EQ(gpus->front().memory, ByteSize{24 * kGiB});
  EXPECT_EQ(gpus->back().memory, ByteSize{80 * kGiB});
}

TEST(FindGpus, AreThoseThatAreVisibleInThatOrder) {
  EXPECT_THAT(uuids("1,0"), ElementsAre("GPU-bbbb", "GPU-aaaa"));
  EXPECT_THAT(uuids("GPU-bbbb"), ElementsAre("GPU-bbbb"));
  EXPECT_THAT(uuids(" 0 , -1, 1"), ElementsAre("GPU-aaaa")) << "CUDA looks no further than at -1";
  EXPECT_THAT(uuids(""), IsEmpty());
  EXPECT_THAT(uuids("-1"), IsEmpty());
}

TEST(FindGpus, SayWhichOneIsNotThere) {
  for (const char* visible : {"2", "GPU-cccc"}) {
    const auto gpus = find_gpus(visible, STAND_IN_NVML);
    EXPECT_EQ(gpus.status().code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(std::string(gpus.status().message()), HasSubstr(visible));
  }
}

class FindPartsTest : public testing::Test {
 protected:
  FindPartsTest() { ::setenv("STAND_IN_NVML_MIG", "1", 1); }
  ~FindPartsTest() override { ::unsetenv("STAND_IN_NVML_MIG"); }
};

TEST_F(FindPartsTest, ThosePartsOfAGpuThatMayBeUsedStandForIt) {
  const auto gpus = find_gpus(std::nullopt, STAND_IN_NVML);
  ASSERT_TRUE(gpus.ok()) << gpus.status();
  ASSERT_EQ(gpus->size(), 3U);
  EXPECT_EQ((*gpus)[0].uuid, "GPU-aaaa");
  EXPECT_EQ((*gpus)[1].uuid, "MIG-1111");
  EXPECT_EQ((*gpus)[1].memory, ByteSize{10 * kGiB});
  EXPECT_EQ((*gpus)[2].uuid, "MIG-2222");
  EXPECT_THAT(uuids("1"), ElementsAre("MIG-1111", "MIG-2222"));
}

TEST_F(FindPartsTest, APartIsFoundByItsName) {
  EXPECT_THAT(uuids("MIG-2222"), ElementsAre("MIG-2222"));
}

TEST(FindGpus, AreNoneWithoutTheLibrary) {
  const auto gpus = find_gpus("0", "libno-such-library.so.1");
  ASSERT_TRUE(gpus.ok()) << gpus.status();
  EXPECT_THAT(*gpus, IsEmpty());
}

TEST(FindGpus, SayThatTheDriverDoesNotAnswer) {
  ::setenv("STAND_IN_NVML_FAILS", "1", 1);
  const auto gpus = find_gpus(std::nullopt, STAND_IN_NVML);
  ::unsetenv("STAND_IN_NVML_FAILS");
  EXPECT_EQ(gpus.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(gpus.status().message()), HasSubstr("Driver Not Loaded"));
}

TEST(FindGpus, SayThatALibraryIsAnotherOne) {
  EXPECT_EQ(find_gpus(std::nullopt, "libc.so.6").status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace melsweep::agent
