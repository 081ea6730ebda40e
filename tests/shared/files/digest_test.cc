#include "shared/files/digest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace melsweep::files {
namespace {

// FIPS 180-2, appendix B.
constexpr std::string_view kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kOfMillionA = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, AgreesWithTheStandard) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), kOfAbc);
}

TEST(Sha256, TakesContentInPieces) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(hash.finish(), kOfAbc);
}

TEST(Sha256, OfAFileIsThatOfItsContent) {
  const std::string path = testing::TempDir() + "melsweep-digest-" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << std::string(1'000'000, 'a');
  EXPECT_EQ(sha256_file(path).value(), kOfMillionA);
  std::filesystem::remove(path);
}

TEST(Sha256, NamesTheFileThatIsMissing) {
  const absl::Status status = sha256_file("/no/such/file").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(std::string(status.message()).find("/no/such/file"), std::string::npos);
}

TEST(Sha256, RefusesAFolder) {
  EXPECT_FALSE(sha256_file(testing::TempDir()).ok());
}

}  // namespace
}  // namespace melsweep::files
