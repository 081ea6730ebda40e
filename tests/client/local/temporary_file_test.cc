#include "client/local/temporary_file.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "shared/files/atomic_file.h"

namespace melsweep::local {
namespace {

TEST(TemporaryFileTest, HoldsItsContentForAsLongAsItLives) {
  std::filesystem::path path;
  {
    auto file = TemporaryFile::create("name: grid\n");
    ASSERT_TRUE(file.ok()) << file.status();
    const TemporaryFile moved = *std::move(file);
    path = moved.path();
    EXPECT_EQ(files::read_file(path, 100).value(), "name: grid\n");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace melsweep::local
