#include "worker/trainer/inception/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"

namespace melsweep::inception {
namespace {

using ::testing::HasSubstr;

std::string file_bytes(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header + data;
}

class SafetensorsTest : public ::testing::Test {
 protected:
  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) /
      absl::StrCat("safetensors-", ::testing::UnitTest::GetInstance()->current_test_info()->name(),
                   ".safetensors");

  void TearDown() override { std::filesystem::remove(path_); }

  absl::StatusOr<SafetensorsFile> open(const std::string& bytes) {
    EXPECT_TRUE(files::write_atomically(path_, bytes).ok());
    return SafetensorsFile::open(path_);
  }

  // What is said of a file that must be refused.
  std::string refusal(const std::string& bytes) {
    const absl::StatusOr<SafetensorsFile> file = open(bytes);
    EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument) << file.status();
    EXPECT_THAT(std::string(file.status().message()), HasSubstr(path_.filename().string()));
    return std::string(file.status().message());
  }

  std::string refusal(const std::string& header, const std::string& data) {
    return refusal(file_bytes(header, data));
  }
};

TEST_F(SafetensorsTest, ReadsWhatItWrote) {
  const std::vector<float> matrix = {1, -2, 3.5F, 4, 5, 6};
  const std::vector<float> scalar = {7};
  const std::vector<NamedTensor> tensors = {
      {"b.weight", {2, 3}, matrix}, {"a", {}, scalar}, {"none", {0, 4}, {}}};
  ASSERT_TRUE(write_safetensors(path_, tensors, {{"who", "\"me\""}}).ok());

  const absl::StatusOr<SafetensorsFile> file = SafetensorsFile::open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->tensors().size(), 3U);
  EXPECT_EQ(file->metadata().at("who"), "\"me\"");
  EXPECT_EQ(file->find("b.weight")->shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(to_floats(*file->find("b.weight")).value(), matrix);
  EXPECT_EQ(to_floats(*file->find("a")).value(), scalar);
  EXPECT_TRUE(to_floats(*file->find("none"))->empty());
  EXPECT_EQ(file->find("c"), nullptr);
}

TEST_F(SafetensorsTest, GivesATensorOfTheShapeThatIsAskedForAlone) {
  const std::vector<float> matrix = {1, -0.0F, 3.5F, 4, 5, 6};
  ASSERT_TRUE(write_safetensors(path_, std::vector<NamedTensor>{{"w", {2, 3}, matrix}}, {}).ok());
  const absl::StatusOr<SafetensorsFile> file = SafetensorsFile::open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(read_tensor(*file, "w", {2, 3}).value(), matrix);
  const absl::Status turned = read_tensor(*file, "w", {3, 2}).status();
  EXPECT_EQ(turned, absl::InvalidArgumentError("w has the shape [2, 3] instead of [3, 2]"));
  EXPECT_EQ(read_tensor(*file, "v", {2, 3}).status(), absl::InvalidArgumentError("v is missing"));
}

TEST_F(SafetensorsTest, WritesTheSameBytesAgain) {
  const std::vector<float> values = {1, 2};
  const std::vector<NamedTensor> tensors = {{"x", {2}, values}};
  ASSERT_TRUE(write_safetensors(path_, tensors, {{"k", "v"}}).ok());
  const std::string first = files::read_file(path_, 1 << 20).value();
  ASSERT_TRUE(write_safetensors(path_, tensors, {{"k", "v"}}).ok());
  EXPECT_EQ(files::read_file(path_, 1 << 20).value(), first);
  EXPECT_EQ(first.size() % 8, 0U);
}

TEST_F(SafetensorsTest, RefusesToWriteWhatCouldNotBeRead) {
  const std::vector<float> values = {1, 2};
  const auto code = [&](const std::vector<NamedTensor>& tensors) {
    return write_safetensors(path_, tensors, {}).code();
  };
  EXPECT_EQ(code({{"x", {3}, values}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"x", {2}, values}, {"x", {2}, values}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"__metadata__", {2}, values}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"\xFF", {2}, values}}), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SafetensorsTest, WidensHalves) {
  // 1.5, -65504 (the largest), 2^-24 (the smallest), infinity, -0, a quiet NaN
  const std::uint16_t bits[] = {0x3E00, 0xFBFF, 0x0001, 0x7C00, 0x8000, 0x7E00};
  const absl::StatusOr<SafetensorsFile> file =
      open(file_bytes(R"({"x":{"dtype":"F16","shape":[6],"data_offsets":[0,12]}})",
                      std::string(reinterpret_cast<const char*>(bits), sizeof bits)));
  ASSERT_TRUE(file.ok()) << file.status();
  const std::vector<float> values = to_floats(file->tensors()[0]).value();
  EXPECT_EQ(values[0], 1.5F);
  EXPECT_EQ(values[1], -65504.0F);
  EXPECT_EQ(values[2], std::ldexp(1.0F, -24));
  EXPECT_EQ(values[3], std::numeric_limits<float>::infinity());
  EXPECT_TRUE(values[4] == 0 && std::signbit(values[4]));
  EXPECT_TRUE(std::isnan(values[5]));
}

TEST_F(SafetensorsTest, WidensBfloats) {
  const std::uint16_t bits[] = {0x3FC0, 0xC2F7};
  const absl::StatusOr<SafetensorsFile> file =
      open(file_bytes(R"({"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})",
                      std::string(reinterpret_cast<const char*>(bits), sizeof bits)));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(to_floats(file->tensors()[0]).value(), (std::vector<float>{1.5F, -123.5F}));
}

TEST_F(SafetensorsTest, RefusesOtherTypesByName) {
  const absl::StatusOr<SafetensorsFile> file =
      open(file_bytes(R"({"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})", std::string(8, '\0')));
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::StatusOr<std::vector<float>> values = to_floats(file->tensors()[0]);
  EXPECT_EQ(values.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(values.status().message()), HasSubstr("\"steps\" is I64"));
}

TEST_F(SafetensorsTest, RefusesFilesThatAreNotThere) {
  const absl::Status status = SafetensorsFile::open("/nowhere/x.safetensors").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nowhere/x.safetensors"));
  EXPECT_EQ(SafetensorsFile::open(::testing::TempDir()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SafetensorsTest, RefusesImpossibleHeaderLengths) {
  refusal("");
  EXPECT_THAT(refusal("1234567"), HasSubstr("7 bytes"));
  std::string huge(16, '\0');
  const std::uint64_t length = std::uint64_t{1} << 60;
  std::memcpy(huge.data(), &length, sizeof length);
  EXPECT_THAT(refusal(huge), HasSubstr("1152921504606846976"));
  EXPECT_THAT(refusal(std::string("\x40\0\0\0\0\0\0\0{}", 10)), HasSubstr("truncated"));
}

TEST_F(SafetensorsTest, RefusesHeadersThatAreNoTensorLists) {
  EXPECT_THAT(refusal("[]", ""), HasSubstr("JSON object"));
  EXPECT_THAT(refusal("{\"x\":", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("{\"\xFF\":1}", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1]}})", "1234"), HasSubstr("\"x\""));
  EXPECT_THAT(refusal(R"({"x":[[[[1]]]]})", ""), HasSubstr("nested"));
  EXPECT_THAT(refusal(R"({"__metadata__":{"a":1}})", ""), HasSubstr("__metadata__"));
  EXPECT_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                      R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                      "1234"),
              HasSubstr("twice"));
}

TEST_F(SafetensorsTest, RefusesDeepNestingBeforeItIsParsed) {
  EXPECT_THAT(refusal(R"({"a":)" + std::string(std::size_t{15} << 20, '['), ""),
              HasSubstr("nested too deeply"));
}

TEST_F(SafetensorsTest, WhatItSaysOfAFileIsShortAndValidUtf8) {
  const std::size_t name_bytes = path_.string().size();
  const std::string endless = R"({"a)" + std::string(std::size_t{10} << 20, 'x');
  EXPECT_LT(refusal(endless, "").size(), name_bytes + 400);
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "\u20ac";  // three bytes: 200 of them end within one
  const std::string named = refusal(R"({")" + name + R"(":{}})", "");
  EXPECT_LT(named.size(), name_bytes + 400);
  EXPECT_NO_THROW(static_cast<void>(nlohmann::json(named).dump()));
  EXPECT_NO_THROW(static_cast<void>(nlohmann::json(refusal("{\"\xff\xfe\":1}", "")).dump()));
}

TEST_F(SafetensorsTest, RefusesTensorsThatDoNotFitTheirBytes) {
  const auto said = [this](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return refusal(absl::StrCat(R"({"x":{"dtype":")", dtype, R"(","shape":)", shape, R"(,"data_offsets":)",
                                offsets, "}}"),
                   "12345678");
  };
  EXPECT_THAT(said("Q4", "[2]", "[0,8]"), HasSubstr("unknown dtype"));
  EXPECT_THAT(said("F32", "[3]", "[0,8]"), HasSubstr("takes 12 bytes"));
  EXPECT_THAT(said("F32", "[2]", "[0,12]"), HasSubstr("truncated"));
  EXPECT_THAT(said("F32", "[2]", "[8,0]"), HasSubstr("do not lie"));
  EXPECT_THAT(said("F32", "[-2]", "[0,8]"), HasSubstr("whole numbers"));
  EXPECT_THAT(said("F32", "[2.0]", "[0,8]"), HasSubstr("whole numbers"));
  EXPECT_THAT(said("F32", "[2]", "[0]"), HasSubstr("data_offsets"));
  EXPECT_THAT(said("F32", "[4294967296,4294967296]", "[0,8]"), HasSubstr("absurdly large"));
  EXPECT_THAT(said("F32", "[4611686018427387906]", "[0,8]"), HasSubstr("absurdly large"));
}

TEST_F(SafetensorsTest, RefusesOverlapsAndHoles) {
  const auto said = [this](const std::string& first, const std::string& second) {
    return refusal(absl::StrCat(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":)", first,
                                R"(},"y":{"dtype":"F32","shape":[1],"data_offsets":)", second, "}}"),
                   "123456789012");
  };
  EXPECT_THAT(said("[0,4]", "[2,6]"), HasSubstr("inside the tensor before it"));
  EXPECT_THAT(said("[0,4]", "[8,12]"), HasSubstr("after a hole"));
  EXPECT_THAT(said("[0,4]", "[4,8]"), HasSubstr("4 bytes at its end"));
}

}  // namespace
}  // namespace melsweep::inception
