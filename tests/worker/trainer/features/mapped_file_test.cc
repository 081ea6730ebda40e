#include "worker/trainer/features/mapped_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/worker/trainer/features/cache_fixture.h"

namespace melsweep::features {
namespace {

class MappedFileTest : public CacheTest {};

std::string text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST_F(MappedFileTest, HoldsTheFileEvenWhenItIsDeleted) {
  audio::write_bytes(folder_.path() / "file", "content");
  const auto file = MappedFile::open(folder_.path() / "file");
  ASSERT_TRUE(file.ok()) << file.status();
  std::filesystem::remove(folder_.path() / "file");
  EXPECT_EQ(text_of(**file), "content");
}

TEST_F(MappedFileTest, RefusesEmptyAndMissingFiles) {
  audio::write_bytes(folder_.path() / "empty", "");
  EXPECT_EQ(MappedFile::open(folder_.path() / "empty").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MappedFile::open(folder_.path() / "absent").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace melsweep::features
