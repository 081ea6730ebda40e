#include "worker/trainer/arrays/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace melsweep::arrays {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Npy : public testing::Test {
 protected:
  Npy() : path_(fs::path(testing::TempDir()) / (std::string("npy_") + test_name() + ".npy")) {
    fs::remove(path_);
  }
  ~Npy() override { fs::remove(path_); }

  static std::string test_name() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }

  // A file of format version 1 with this dict and these bytes after it.
  void write_raw(std::string dict, const std::string& bytes) const {
    dict.push_back('\n');
    std::ofstream out(path_, std::ios::binary);
    out << std::string("\x93NUMPY\x01\x00", 8) << static_cast<char>(dict.size() & 0xff)
        << static_cast<char>(dict.size() >> 8) << dict << bytes;
  }

  std::string refusal() const {
    const absl::StatusOr<Array> array = read_npy(path_);
    if (array.ok()) return "it was read";
    EXPECT_THAT(array.status().message(), HasSubstr(path_.string()));
    return std::string(array.status().message());
  }

  fs::path path_;
};

template <class T>
std::string bytes_of(std::vector<T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

TEST_F(Npy, ReadsBackWhatItWrote) {
  const std::vector<std::size_t> shape = {2, 3};
  const std::vector<float> values = {0.0F,   -1.5F, 3.25F,
                                     1e-30F, 7.0F,  std::numeric_limits<float>::infinity()};
  ASSERT_TRUE(write_npy(path_, shape, values).ok());
  const absl::StatusOr<Array> array = read_npy(path_);
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->shape, shape);
  EXPECT_EQ(array->values, values);
}

TEST_F(Npy, WritesTheHeaderThatNumpyWrites) {
  const std::size_t shape[] = {5};
  const std::string header = npy_header(shape);
  EXPECT_EQ(header.size(), 128U);
  EXPECT_THAT(header, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }"));
  EXPECT_EQ(header.back(), '\n');
  EXPECT_EQ(static_cast<unsigned char>(header[8]), 118U);
}

TEST_F(Npy, ReadsAnEmptyArrayAndASingleNumber) {
  ASSERT_TRUE(write_npy(path_, std::vector<std::size_t>{0, 4}, {}).ok());
  EXPECT_THAT(read_npy(path_)->values, IsEmpty());
  ASSERT_TRUE(write_npy(path_, {}, std::vector<float>{4.5F}).ok());
  EXPECT_THAT(read_npy(path_)->shape, IsEmpty());
  EXPECT_THAT(read_npy(path_)->values, ElementsAre(4.5F));
}

TEST_F(Npy, ReadsDoublesAndBytes) {
  write_raw("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes_of<double>({0.5, -2.0}));
  EXPECT_THAT(read_npy(path_)->values, ElementsAre(0.5F, -2.0F));
  write_raw("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", bytes_of<std::uint8_t>({0, 255}));
  EXPECT_THAT(read_npy(path_)->values, ElementsAre(0.0F, 255.0F));
}

TEST_F(Npy, ReadsKeysInAnyOrder) {
  write_raw("{'shape': (1,2), 'fortran_order': False, 'descr': '<f4'}", bytes_of<float>({1.0F, 2.0F}));
  EXPECT_THAT(read_npy(path_)->shape, ElementsAre(1U, 2U));
}

TEST_F(Npy, RefusesOtherTypes) {
  write_raw("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", bytes_of<float>({1.0F}));
  EXPECT_THAT(refusal(), HasSubstr(">f4"));
}

TEST_F(Npy, TurnsFortranOrderIntoCOrder) {
  write_raw("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }",
            bytes_of<float>({1, 4, 2, 5, 3, 6}));
  EXPECT_THAT(read_npy(path_)->shape, ElementsAre(2U, 3U));
  EXPECT_THAT(read_npy(path_)->values, ElementsAre(1, 2, 3, 4, 5, 6));
  write_raw("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1, 2), }", bytes_of<float>({1, 3, 2, 4}));
  EXPECT_THAT(read_npy(path_)->values, ElementsAre(1, 2, 3, 4));
}

TEST_F(Npy, RefusesMissingAndSurplusValues) {
  write_raw("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytes_of<float>({1.0F}));
  EXPECT_THAT(refusal(), HasSubstr("does not fit the 4 bytes"));
  write_raw("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytes_of<float>({1.0F, 2.0F, 3.0F}));
  EXPECT_THAT(refusal(), HasSubstr("does not fit the 12 bytes"));
}

TEST_F(Npy, RefusesAShapeWhoseProductOverflows) {
  write_raw("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "");
  EXPECT_THAT(refusal(), HasSubstr("does not fit"));
}

TEST_F(Npy, RefusesMalformedHeaders) {
  for (const char* dict :
       {"{'descr': '<f4', 'fortran_order': False}", "{'descr': '<f4', 'shape': (1,), }", "{}", "nonsense",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}"}) {
    write_raw(dict, bytes_of<float>({1.0F}));
    EXPECT_THAT(refusal(), HasSubstr("malformed")) << dict;
  }
}

TEST_F(Npy, RefusesOtherFilesAndFolders) {
  std::ofstream(path_) << "not an array";
  EXPECT_THAT(refusal(), HasSubstr("numpy's mark"));
  std::ofstream(path_, std::ios::binary) << std::string("\x93NUMPY\x01\x00\xff\xff{", 11);
  EXPECT_THAT(refusal(), HasSubstr("cut short"));
  EXPECT_EQ(read_npy(path_.string() + ".absent").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(read_npy(testing::TempDir()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Npy, RefusesToWriteAShapeOfAnotherSize) {
  EXPECT_FALSE(write_npy(path_, std::vector<std::size_t>{3}, std::vector<float>{1.0F}).ok());
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace melsweep::arrays
