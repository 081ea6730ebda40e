#include "worker/trainer/inception/weights_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/inception/trunk_fixture.h"
#include "worker/trainer/inception/convert.h"

namespace melsweep::inception {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WeightsFileTest : public ::testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      absl::StrCat("weights-file-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path path_ = folder_ / "in.safetensors";

  void TearDown() override { std::filesystem::remove_all(folder_); }

  SafetensorsFile written(const TrunkFixture& trunk, const Metadata& metadata = {}) {
    EXPECT_TRUE(write_safetensors(path_, trunk.tensors(), metadata).ok());
    return SafetensorsFile::open(path_).value();
  }
};

TEST_F(WeightsFileTest, TakesFilesWithoutMetadataAsTorchvisions) {
  const WeightsSummary summary = check_weights(written(TrunkFixture(0.5F))).value();
  EXPECT_EQ(summary.dialect, (Dialect{PoolPadding::kCounted, InputRange::kMinusOneToOne}));
  EXPECT_EQ(summary.tensors, 94 * 5);
}

TEST_F(WeightsFileTest, PassesOverHeadsAndCounters) {
  TrunkFixture trunk(0.5F);
  const std::vector<float> one = {1};
  trunk.more = {{"fc.bias", {1}, one},
                {"AuxLogits.fc.bias", {1}, one},
                {"Conv2d_1a_3x3.bn.num_batches_tracked", {}, one}};
  const WeightsSummary summary = summarize_weights(written(trunk));
  EXPECT_THAT(summary.problems, IsEmpty());
  EXPECT_EQ(summary.unused.size(), 3U);
}

TEST_F(WeightsFileTest, NamesEveryProblem) {
  TrunkFixture trunk(0.5F);
  const std::vector<float> one = {1};
  trunk.more = {{"layer1.weight", {1}, one}};
  trunk.specs[0].shape = {32, 3, 9, 1};                          // Conv2d_1a_3x3.conv.weight
  trunk.values[1][7] = std::numeric_limits<float>::quiet_NaN();  // .bn.weight
  trunk.values[4][0] = -1;                                       // .bn.running_var
  trunk.specs[5].name = "Conv2d_2a_3x3.convolution.weight";
  const SafetensorsFile file = written(trunk, {{kDialectKey, "jax"}});
  EXPECT_THAT(
      summarize_weights(file).problems,
      ElementsAre(HasSubstr("\"jax\""), HasSubstr("Conv2d_1a_3x3.conv.weight has the shape [32, 3, 9, 1]"),
                  HasSubstr("Conv2d_1a_3x3.bn.weight holds values"),
                  HasSubstr("Conv2d_1a_3x3.bn.running_var holds negative"),
                  HasSubstr("Conv2d_2a_3x3.conv.weight is missing"),
                  HasSubstr("Conv2d_2a_3x3.convolution.weight is no parameter"),
                  HasSubstr("layer1.weight is no parameter")));
  const absl::Status status = check_weights(file).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("and 4 more"));
}

TEST_F(WeightsFileTest, ConversionKeepsTheHeadAndSaysTheDialect) {
  TrunkFixture trunk(0.25F);
  const std::vector<float> one = {1};
  trunk.more = {{"fc.bias", {1}, one}, {"AuxLogits.fc.bias", {1}, one}};
  written(trunk);
  const std::filesystem::path out = folder_ / "out.safetensors";
  ASSERT_TRUE(convert_safetensors(path_, out, {{kDialectKey, "keras"}, {kInputRangeKey, "[-1,1]"}}).ok());
  const SafetensorsFile file = SafetensorsFile::open(out).value();
  EXPECT_EQ(check_weights(file)->dialect, (Dialect{PoolPadding::kNotCounted, InputRange::kMinusOneToOne}));
  EXPECT_EQ(check_weights(file)->source, "in.safetensors");
  EXPECT_NE(file.find("fc.bias"), nullptr);
  EXPECT_EQ(file.find("AuxLogits.fc.bias"), nullptr);
}

// The dialect of what a file with this metadata is converted to.
class ConversionTest : public WeightsFileTest {
 protected:
  absl::StatusOr<Dialect> converted(const Metadata& metadata, const Metadata& said) {
    written(TrunkFixture(0.25F), metadata);
    const std::filesystem::path out = folder_ / "out.safetensors";
    if (absl::Status status = convert_safetensors(path_, out, said); !status.ok()) return status;
    return check_weights(SafetensorsFile::open(out).value())->dialect;
  }
};

TEST_F(ConversionTest, EachThingSaidStandsForTheFilesOwnAlone) {
  const Metadata keras = {{kDialectKey, "keras"}, {kInputRangeKey, "[0,1]"}};
  EXPECT_EQ(converted(keras, {}).value(), (Dialect{PoolPadding::kNotCounted, InputRange::kZeroToOne}));
  EXPECT_EQ(converted(keras, {{kInputRangeKey, "[-1,1]"}}).value(),
            (Dialect{PoolPadding::kNotCounted, InputRange::kMinusOneToOne}));
  EXPECT_EQ(converted(keras, {{kDialectKey, "torchvision"}}).value(),
            (Dialect{PoolPadding::kCounted, InputRange::kZeroToOne}));
}

TEST_F(ConversionTest, MendsMetadataThatCannotBeUsed) {
  EXPECT_EQ(converted({{kDialectKey, "keras"}}, {{kInputRangeKey, "[0,1]"}}).value(),
            (Dialect{PoolPadding::kNotCounted, InputRange::kZeroToOne}));
  EXPECT_EQ(converted({{kDialectKey, "jax"}}, {{kDialectKey, "torchvision"}}).value(), Dialect{});
  EXPECT_THAT(std::string(converted({{kDialectKey, "jax"}}, {{kInputRangeKey, "[0,1]"}}).status().message()),
              HasSubstr("\"jax\""));
}

TEST_F(WeightsFileTest, ConversionOfABadFileWritesNothing) {
  TrunkFixture trunk(0.25F);
  trunk.values.back()[0] = std::numeric_limits<float>::infinity();
  written(trunk);
  EXPECT_FALSE(convert_safetensors(path_, folder_ / "out.safetensors", {}).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.safetensors"));
}

}  // namespace
}  // namespace melsweep::inception
