#include "worker/trainer/audio/truncation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

using testing::HasSubstr;

class Truncation : public testing::Test {
 protected:
  // What is said of a file with these bytes.
  absl::Status check(const std::string& bytes) const {
    const std::filesystem::path path = folder_.path() / "file";
    write_bytes(path, bytes);
    return check_not_truncated(path);
  }

  TestFolder folder_{absl::StrCat("truncation_test_", ::getpid())};
};

std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

std::string chunk(const std::string& tag, std::uint32_t claimed, const std::string& body) {
  return tag + little_endian(claimed, 4) + body;
}

std::string riff(const std::string& chunks) {
  return "RIFF" + little_endian(4 + chunks.size(), 4) + "WAVE" + chunks;
}

// "fmt " as far as the bytes of one block.
std::string format_chunk(std::uint16_t block_bytes) {
  return chunk("fmt ", 16, std::string(12, '\0') + little_endian(block_bytes, 2) + std::string(2, '\0'));
}

enum class Page : char { kInner = 0, kLast = 4 };

std::string ogg_page(Page page, const std::string& body) {
  return std::string("OggS\0", 5) + static_cast<char>(page) + std::string(20, '\0') + '\x01' +
         static_cast<char>(body.size()) + body;
}

TEST_F(Truncation, AcceptsWholeRiffFilesWithOtherChunksAround) {
  EXPECT_TRUE(check(riff(chunk("fmt ", 4, "abcd") + chunk("data", 4, "1234"))).ok());
  EXPECT_TRUE(check(riff(chunk("data", 4, "1234") + chunk("LIST", 2, "ab"))).ok());
}

TEST_F(Truncation, SkipsThePaddingOfOddChunks) {
  const std::string odd = chunk("odd ", 3, std::string("xyz\0", 4));
  EXPECT_TRUE(check(riff(odd + chunk("data", 4, "1234"))).ok());
  EXPECT_FALSE(check(riff(odd + chunk("data", 5, "1234"))).ok());
}

TEST_F(Truncation, RefusesADataChunkThatIsLongerThanTheFile) {
  const absl::Status status = check(riff(chunk("fmt ", 4, "abcd") + chunk("data", 100, "1234")));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("promises 100 bytes of sound, the file holds 4"));
}

TEST_F(Truncation, RefusesARiffFileThatEndsBeforeItsSound) {
  EXPECT_THAT(check(riff(chunk("fmt ", 16, "abcd"))).message(), HasSubstr("ends before the sound begins"));
  EXPECT_THAT(check("RIFF").message(), HasSubstr("ends before the sound begins"));
}

TEST_F(Truncation, ReadsTheSizeOfRf64FromItsDs64Chunk) {
  const auto rf64 = [](std::uint64_t promised) {
    const std::string sizes = little_endian(0, 8) + little_endian(promised, 8) + std::string(12, '\0');
    return "RF64" + little_endian(0xffffffff, 4) + "WAVE" + chunk("ds64", 28, sizes) +
           chunk("data", 0xffffffff, "1234");
  };
  EXPECT_TRUE(check(rf64(4)).ok());
  EXPECT_THAT(check(rf64(5'000'000'000)).message(), HasSubstr("promises 5000000000 bytes"));
}

TEST_F(Truncation, ReadsBigEndianRifx) {
  EXPECT_TRUE(check(std::string("RIFX\0\0\0\x10WAVEdata\0\0\0\x04"
                                "1234",
                                24))
                  .ok());
  EXPECT_THAT(check(std::string("RIFX\0\0\0\x10WAVEdata\0\0\0\x09"
                                "1234",
                                24))
                  .message(),
              HasSubstr("promises 9"));
}

TEST_F(Truncation, RefusesAnOggFileThatEndsWithinAPage) {
  const std::string pages = ogg_page(Page::kInner, "first") + ogg_page(Page::kLast, "second");
  EXPECT_TRUE(check(pages).ok());
  EXPECT_TRUE(check(pages + "some tag that follows").ok());
  EXPECT_THAT(check(pages.substr(0, pages.size() - 1)).message(), HasSubstr("within a page"));
  EXPECT_THAT(check(pages + "OggS").message(), HasSubstr("within a page"));
}

TEST_F(Truncation, RefusesAnOggFileThatEndsBetweenTwoPages) {
  EXPECT_THAT(check(ogg_page(Page::kInner, "first") + ogg_page(Page::kInner, "second")).message(),
              HasSubstr("no page says that it is the last"));
  // One stream after another.
  const std::string stream = ogg_page(Page::kInner, "first") + ogg_page(Page::kLast, "second");
  EXPECT_TRUE(check(stream + stream).ok());
}

TEST_F(Truncation, AcceptsTheLengthsThatWritersToPipesLeave) {
  for (const std::uint32_t claimed : {0xffffffffU, 0xffffffffU - 36, 0x80000000U, 0x7fffffffU,
                                      0x7fffffffU - 36, 0x7ffff000U, 0x7fffeffeU}) {
    EXPECT_TRUE(check(riff(format_chunk(2) + chunk("data", claimed, "1234"))).ok()) << claimed;
  }
  EXPECT_FALSE(check(riff(format_chunk(2) + chunk("data", 0x70000000U, "1234"))).ok());
}

TEST_F(Truncation, AcceptsAShortfallOfLessThanABlock) {
  EXPECT_TRUE(check(riff(format_chunk(4) + chunk("data", 11, "12345678"))).ok());
  EXPECT_FALSE(check(riff(format_chunk(4) + chunk("data", 12, "12345678"))).ok());
}

TEST_F(Truncation, RefusesTheLengthZeroWithSoundAfterIt) {
  EXPECT_THAT(check(riff(format_chunk(2) + chunk("data", 0, "12345678901234567890"))).message(),
              HasSubstr("its header gives no length for the sound"));
  EXPECT_TRUE(check(riff(format_chunk(2) + chunk("data", 0, chunk("LIST", 3, "abc")))).ok());
}

TEST_F(Truncation, SaysThatAFileCannotBeReadEvenWithoutAReasonFromTheSystem) {
  errno = 0;
  EXPECT_EQ(check_not_truncated(folder_.path() / "absent").code(), absl::StatusCode::kUnavailable);
}

TEST_F(Truncation, LeavesOtherFilesToTheirDecoders) {
  EXPECT_TRUE(check("fLaC and so on").ok());
  EXPECT_TRUE(check("x").ok());
  EXPECT_TRUE(check("RIFF" + little_endian(4, 4) + "AVI ").ok());
}

}  // namespace
}  // namespace melsweep::audio
