#include "shared/files/tar_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::size_t kPlenty = std::size_t{1} << 24;

class TarArchiveTest : public testing::Test {
 protected:
  TarArchiveTest() { fs::create_directories(folder_); }
  ~TarArchiveTest() override { fs::remove_all(folder_); }

  std::string bytes(const fs::path& path) const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void put(const fs::path& path, const std::string& content) const {
    std::ofstream(path, std::ios::binary) << content;
  }

  void write() const {
    auto writer = TarWriter::create(tar_);
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (const auto& [name, content] : members_) ASSERT_TRUE(writer->add(name, content).ok());
    ASSERT_TRUE(writer->commit().ok());
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("tar-archive-" + std::to_string(::getpid()));
  const fs::path tar_ = folder_ / "a.tar";
  const std::vector<std::pair<std::string, std::string>> members_ = {{"list.json", "{}"},
                                                                     {"empty", ""},
                                                                     {"block.png", std::string(512, 'x')},
                                                                     {"a b.ogg", std::string(5000, '\0')}};
};

TEST_F(TarArchiveTest, GivesBackWhatWasWritten) {
  write();
  const auto archive = TarArchive::read(tar_, kPlenty);
  ASSERT_TRUE(archive.ok()) << archive.status();
  for (const auto& [name, content] : members_) EXPECT_EQ(archive->member(name).value(), content) << name;
  EXPECT_TRUE(absl::IsNotFound(archive->member("another").status()));
}

TEST_F(TarArchiveTest, IsWhatTarReads) {
  write();
  const fs::path out = folder_ / "out";
  fs::create_directories(out);
  ASSERT_EQ(std::system(("tar -xf '" + tar_.string() + "' -C '" + out.string() + "'").c_str()), 0);
  for (const auto& [name, content] : members_) EXPECT_EQ(bytes(out / name), content) << name;
}

TEST_F(TarArchiveTest, ReadsWhatTarWrites) {
  put(folder_ / "one.txt", "first");
  put(folder_ / "two.txt", std::string(1000, '2'));
  fs::create_directories(folder_ / "sub");
  put(folder_ / "sub" / "three.txt", "in a folder");
  ASSERT_EQ(std::system(("tar --format=ustar -cf '" + tar_.string() + "' -C '" + folder_.string() +
                         "' one.txt sub two.txt")
                            .c_str()),
            0);
  const auto archive = TarArchive::read(tar_, kPlenty);
  ASSERT_TRUE(archive.ok()) << archive.status();
  EXPECT_EQ(archive->member("one.txt").value(), "first");
  EXPECT_EQ(archive->member("two.txt").value(), std::string(1000, '2'));
  EXPECT_TRUE(absl::IsNotFound(archive->member("sub/three.txt").status()));
}

TEST_F(TarArchiveTest, TakesAsManyBytesAsItSays) {
  write();
  std::int64_t expected = TarWriter::kEndBytes;
  for (const auto& [name, content] : members_) {
    expected += TarWriter::bytes_taken(static_cast<std::int64_t>(content.size()));
  }
  EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(tar_)), expected);
}

TEST_F(TarArchiveTest, IsTheSameEachTime) {
  write();
  const std::string first = bytes(tar_);
  write();
  EXPECT_EQ(bytes(tar_), first);
}

TEST_F(TarArchiveTest, LeavesNothingWhereItIsNotCommitted) {
  {
    auto writer = TarWriter::create(tar_);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer->add("a", "b").ok());
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(TarArchiveTest, RefusesNamesThatLeadElsewhere) {
  auto writer = TarWriter::create(tar_);
  ASSERT_TRUE(writer.ok());
  for (const std::string& name :
       {std::string(), std::string("a/b"), std::string(".."), std::string(101, 'a')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(writer->add(name, ""))) << name;
  }
}

TEST_F(TarArchiveTest, NoticesEveryDamage) {
  write();
  const std::string whole = bytes(tar_);
  for (std::size_t length = 0; length + 1024 < whole.size(); length += 100) {
    put(tar_, whole.substr(0, length));
    EXPECT_TRUE(absl::IsDataLoss(TarArchive::read(tar_, kPlenty).status())) << length;
  }
  std::string changed = whole;
  changed[3] = 'X';  // of a name, which the header's checksum covers
  put(tar_, changed);
  EXPECT_TRUE(absl::IsDataLoss(TarArchive::read(tar_, kPlenty).status()));
  put(tar_, std::string(5000, 'x'));
  const absl::Status status = TarArchive::read(tar_, kPlenty).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("is damaged, or no tar archive"));
}

TEST_F(TarArchiveTest, SaysWhatCannotBeRead) {
  EXPECT_TRUE(absl::IsNotFound(TarArchive::read(tar_, kPlenty).status()));
  write();
  EXPECT_TRUE(absl::IsInvalidArgument(TarArchive::read(tar_, 1000).status()));
}

}  // namespace
}  // namespace melsweep::files
