#include "shared/model/resources.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace melsweep {
namespace {

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

TEST(ByteSize, IsReadInUnitsOf1024AndOf1000) {
  EXPECT_EQ(parse_byte_size("8GiB"), ByteSize{8 * kGiB});
  EXPECT_EQ(parse_byte_size("1.5GiB"), ByteSize{3 * kGiB / 2});
  EXPECT_EQ(parse_byte_size("512MiB"), ByteSize{kGiB / 2});
  EXPECT_EQ(parse_byte_size("24GB"), ByteSize{24'000'000'000});
  EXPECT_EQ(parse_byte_size("1TiB"), ByteSize{1024 * kGiB});
  EXPECT_EQ(parse_byte_size("17B"), ByteSize{17});
}

TEST(ByteSize, IsNothingOfOtherTexts) {
  for (const char* text : {"", "8", "GiB", "8 GiB", "-1GiB", "8gib", "8GiBs", "nanGiB", "1e3GiB", "infB",
                           "9999999999TiB", "0x8GiB"}) {
    EXPECT_EQ(parse_byte_size(text), std::nullopt) << text;
  }
}

TEST(ByteSize, IsWrittenSoThatItIsReadAsTheSame) {
  EXPECT_EQ(to_text(ByteSize{8 * kGiB}), "8GiB");
  EXPECT_EQ(to_text(ByteSize{3 * kGiB / 2}), "1536MiB");
  EXPECT_EQ(to_text(ByteSize{0}), "0B");
  for (const std::int64_t bytes :
       {std::int64_t{1}, std::int64_t{24'000'000'000}, 1024 * kGiB, 5 * kGiB / 4}) {
    EXPECT_EQ(parse_byte_size(to_text(ByteSize{bytes})), ByteSize{bytes});
  }
}

TEST(Suffices, AWorkerThatHasAllThatIsAskedFor) {
  const WorkerResources worker = {
      .gpus = 1, .gpu_memory = {24 * kGiB}, .cpus = 8, .labels = {"fast", "local-data"}};
  EXPECT_TRUE(suffices(worker, {}));
  EXPECT_TRUE(suffices(worker, {.gpus = 1, .gpu_memory = {24 * kGiB}, .cpus = 8, .labels = {"local-data"}}));
  EXPECT_FALSE(suffices(worker, {.gpus = 2}));
  EXPECT_FALSE(suffices(worker, {.gpu_memory = {24 * kGiB + 1}}));
  EXPECT_FALSE(suffices(worker, {.cpus = 9}));
  EXPECT_FALSE(suffices(worker, {.labels = {"fast", "slow"}}));
}

TEST(Suffices, NoWorkerWithoutGpusWhereTheirMemoryIsAskedFor) {
  EXPECT_FALSE(suffices({.gpus = 0, .gpu_memory = {24 * kGiB}, .cpus = 8}, {.gpu_memory = {kGiB}}));
  EXPECT_TRUE(suffices({}, {}));
}

TEST(Describe, SaysWhatIsAskedForAndWhatThereIs) {
  EXPECT_EQ(describe(ResourceRequest{}), "nothing");
  EXPECT_EQ(describe(ResourceRequest{.gpus = 2, .gpu_memory = {8 * kGiB}, .cpus = 1, .labels = {"fast"}}),
            "2 GPUs of at least 8GiB, 1 CPU, label 'fast'");
  EXPECT_EQ(describe(ResourceRequest{.gpu_memory = {kGiB}}), "1 GPU of at least 1GiB");
  EXPECT_EQ(describe(WorkerResources{.gpus = 1, .gpu_memory = {24 * kGiB}, .cpus = 8, .labels = {"a", "b"}}),
            "1 GPU of 24GiB, 8 CPUs, labels 'a', 'b'");
  EXPECT_EQ(describe(WorkerResources{}), "no GPU, an unknown number of CPUs");
}

}  // namespace
}  // namespace melsweep
