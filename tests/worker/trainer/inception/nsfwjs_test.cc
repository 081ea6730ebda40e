#include "worker/trainer/inception/nsfwjs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/files/atomic_file.h"
#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/weights_file.h"

namespace melsweep::inception {
namespace {

using ::testing::HasSubstr;

// A package in nsfwjs's form. A tensor's bytes count up from 0 (modulo 251); conv2d_N has the scale N.
class NsfwjsTest : public ::testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      absl::StrCat("nsfwjs-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path out_ = folder_ / "out.safetensors";
  std::vector<std::string> entries_;
  std::string bytes_;
  std::string more_groups_;  // of the manifest

  void SetUp() override {
    int number = 0;
    for (const ConvLayer& layer : trunk_layers()) {
      ++number;
      add(absl::StrCat("conv2d_", number, "/kernel"),
          {layer.kernel[0], layer.kernel[1], layer.in_channels, layer.out_channels}, number);
      for (const char* part : {"beta", "moving_mean", "moving_variance"}) {
        add(absl::StrCat("batch_normalization_", number, "/", part), {layer.out_channels}, 1);
      }
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void add(const std::string& name, const std::vector<std::int64_t>& shape, int scale) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) count *= extent;
    for (std::int64_t i = 0; i < count; ++i) bytes_.push_back(static_cast<char>(i % 251));
    entries_.push_back(absl::StrCat("{name:\"", name, "\",shape:[", absl::StrJoin(shape, ","),
                                    "],dtype:\"float32\",quantization:{min:.5,scale:", scale,
                                    ",dtype:\"uint8\"}}"));
  }

  void write(const std::string& name, const std::string& exported) {
    const std::filesystem::path file = folder_ / "package/dist/models/inception_v3" / (name + ".min.js");
    ASSERT_TRUE(
        files::write_atomically(file, absl::StrCat("!function(n){n.exports=", exported, "}();")).ok());
  }

  // Writes the package with its weights cut in two shards.
  absl::Status convert() {
    const std::string first = bytes_.substr(0, bytes_.size() / 2);
    write("shard1", absl::StrCat("\"", absl::Base64Escape(first), "\""));
    write("shard2", absl::StrCat("\"", absl::Base64Escape(bytes_.substr(first.size())), "\""));
    write("model",
          absl::StrCat("{modelTopology:{a:!0},weightsManifest:[{paths:[\"shard1\",\"shard2\"],weights:[",
                       absl::StrJoin(entries_, ","), "]}", more_groups_, "]}"));
    EXPECT_TRUE(files::write_atomically(folder_ / "package/package.json", R"({"version":"4.3.0"})").ok());
    return convert_nsfwjs(folder_, out_);
  }

  // What is said of a package that must be refused.
  std::string refusal(const absl::Status& status) {
    EXPECT_FALSE(status.ok());
    EXPECT_FALSE(std::filesystem::exists(out_));
    return std::string(status.message());
  }
};

TEST_F(NsfwjsTest, DequantisesTransposesAndRenames) {
  ASSERT_TRUE(convert().ok());
  const SafetensorsFile file = SafetensorsFile::open(out_).value();
  const WeightsSummary summary = check_weights(file).value();
  EXPECT_EQ(summary.dialect, (Dialect{PoolPadding::kNotCounted, InputRange::kZeroToOne}));
  EXPECT_EQ(summary.source, "nsfwjs 4.3.0");

  // conv2d_2: [3, 3, 32, 32]; its value at row 2, column 1, in 5, out 7.
  const std::vector<float> kernel = to_floats(*file.find("Conv2d_2a_3x3.conv.weight")).value();
  EXPECT_EQ(kernel[((7 * 32 + 5) * 3 + 2) * 3 + 1], 2 * ((((2 * 3 + 1) * 32 + 5) * 32 + 7) % 251) + 0.5F);
  EXPECT_EQ(to_floats(*file.find("Mixed_7c.branch_pool.bn.running_mean")).value()[10], 10.5F);
  EXPECT_EQ(to_floats(*file.find("Mixed_7c.branch_pool.bn.weight")).value(), std::vector<float>(192, 1.0F));
}

TEST_F(NsfwjsTest, RefusesAFolderWithoutThePackage) {
  EXPECT_THAT(refusal(convert_nsfwjs(::testing::TempDir(), out_)), HasSubstr("npm pack nsfwjs@4.3.0"));
}

TEST_F(NsfwjsTest, RefusesShardsThatEndEarly) {
  bytes_.resize(bytes_.size() - 10);
  EXPECT_THAT(refusal(convert()), HasSubstr("batch_normalization_94/moving_variance is cut off"));
}

TEST_F(NsfwjsTest, RefusesShardsThatEndLate) {
  bytes_ += "surplus";
  EXPECT_THAT(refusal(convert()), HasSubstr("7 bytes"));
}

TEST_F(NsfwjsTest, RefusesAnotherNetwork) {
  add("conv2d_95/kernel", {1, 1, 1, 1}, 1);
  EXPECT_THAT(refusal(convert()), HasSubstr("95 convolutions"));
}

TEST_F(NsfwjsTest, RefusesFurtherGroupsOfWeights) {
  more_groups_ = ",{paths:[],weights:[]}";
  EXPECT_THAT(refusal(convert()), HasSubstr("has 2 groups"));
}

TEST_F(NsfwjsTest, RefusesATensorThatIsThereTwice) {
  add("conv2d_7/kernel", {1}, 1);
  EXPECT_THAT(refusal(convert()), HasSubstr("conv2d_7/kernel is there twice"));
}

TEST_F(NsfwjsTest, RefusesValuesThatAreNoFiniteFloats) {
  entries_[0].replace(entries_[0].find("scale:1"), 7, "scale:1e200");
  EXPECT_THAT(refusal(convert()), HasSubstr("Conv2d_1a_3x3.conv.weight holds values that are infinite"));
  entries_[0].replace(entries_[0].find("scale:1e200"), 11, "scale:1e999");
  EXPECT_FALSE(refusal(convert()).empty());
}

TEST_F(NsfwjsTest, RefusesNegativeVariances) {
  const std::size_t variance = 3;  // of the first layer
  entries_[variance].replace(entries_[variance].find("min:.5"), 6, "min:-9");
  EXPECT_THAT(refusal(convert()), HasSubstr("Conv2d_1a_3x3.bn.running_var holds negative"));
}

TEST_F(NsfwjsTest, RefusesAMissingShard) {
  ASSERT_TRUE(convert().ok());
  std::filesystem::remove(out_);
  const std::filesystem::path shard = folder_ / "package/dist/models/inception_v3/shard2.min.js";
  std::filesystem::remove(shard);
  EXPECT_THAT(refusal(convert_nsfwjs(folder_, out_)), HasSubstr(shard.string()));
}

}  // namespace
}  // namespace melsweep::inception
