#include "shared/files/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

namespace melsweep::files {
namespace {

int open_something() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) >= 0;
}

TEST(Descriptor, ClosesWhatItOwns) {
  const int number = open_something();
  {
    const Descriptor owner(number);
    EXPECT_TRUE(owner.is_open());
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(Descriptor, ThatOwnsNothingClosesNothing) {
  Descriptor none;
  EXPECT_FALSE(none.is_open());
  none.reset();
  EXPECT_FALSE(Descriptor(::open("/no/such/file", O_RDONLY)).is_open());
}

TEST(Descriptor, MovedFromOwnsNothing) {
  const int number = open_something();
  Descriptor first(number);
  const Descriptor second(std::move(first));
  first.reset();
  EXPECT_TRUE(is_open(number));
  EXPECT_EQ(second.get(), number);
}

TEST(Descriptor, LetsGoOfWhatAnotherIsToClose) {
  const int number = open_something();
  {
    Descriptor owner(number);
    EXPECT_EQ(owner.release(), number);
    EXPECT_FALSE(owner.is_open());
  }
  EXPECT_TRUE(is_open(number));
  const Descriptor another(number);
}

TEST(Descriptor, AssignedToItClosesWhatItOwnedBefore) {
  const int before = open_something();
  const int after = open_something();
  Descriptor owner(before);
  owner = Descriptor(after);
  EXPECT_FALSE(is_open(before));
  EXPECT_TRUE(is_open(after));
}

}  // namespace
}  // namespace melsweep::files
