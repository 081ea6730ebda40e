#include "shared/files/input_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "shared/files/atomic_file.h"

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;

class InputFileTest : public testing::Test {
 protected:
  InputFileTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        fs::path(testing::TempDir()) / ("melsweep-input-" + std::to_string(::getpid()) + "-" + test->name());
    fs::create_directories(folder_);
  }
  ~InputFileTest() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(InputFileTest, IsReadInPieces) {
  std::string content(2 * InputFile::kPieceBytes + 5, 'a');
  content.front() = 'b';
  content.back() = 'c';
  ASSERT_TRUE(write_atomically(folder_ / "file", content).ok());
  auto file = InputFile::open(folder_ / "file");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes(), static_cast<std::int64_t>(content.size()));
  std::vector<std::size_t> pieces;
  std::string read;
  const auto take = [&](std::span<const std::byte> piece) {
    pieces.push_back(piece.size());
    read.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return absl::OkStatus();
  };
  ASSERT_TRUE(file->read(take).ok());
  EXPECT_EQ(pieces, (std::vector<std::size_t>{InputFile::kPieceBytes, InputFile::kPieceBytes, 5}));
  EXPECT_EQ(read, content);
}

TEST_F(InputFileTest, IsReadNoFurtherThanItIsTaken) {
  ASSERT_TRUE(write_atomically(folder_ / "file", std::string(InputFile::kPieceBytes + 1, 'a')).ok());
  int pieces = 0;
  const auto take = [&](std::span<const std::byte>) {
    ++pieces;
    return absl::CancelledError("enough");
  };
  EXPECT_TRUE(absl::IsCancelled(InputFile::open(folder_ / "file").value().read(take)));
  EXPECT_EQ(pieces, 1);
}

TEST_F(InputFileTest, MayBeEmpty) {
  ASSERT_TRUE(write_atomically(folder_ / "file", "").ok());
  auto file = InputFile::open(folder_ / "file");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes(), 0);
  EXPECT_TRUE(file->read([](auto) { return absl::InternalError("there is nothing to take"); }).ok());
}

TEST_F(InputFileTest, SaysWhatIsWrong) {
  EXPECT_TRUE(absl::IsNotFound(InputFile::open(folder_ / "absent").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(InputFile::open(folder_).status()));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const absl::Status status = InputFile::open(folder_ / "pipe").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << "and does not wait for a writer";
  EXPECT_NE(std::string(status.message()).find("pipe"), std::string::npos);
}

}  // namespace
}  // namespace melsweep::files
