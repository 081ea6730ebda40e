#include "worker/trainer/audio/mpeg_tag.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

class MpegTag : public testing::Test {
 protected:
  bool counts_frames(const std::string& bytes) const {
    write_bytes(folder_.path() / "a.mp3", bytes);
    return mpeg_tag_counts_frames(folder_.path() / "a.mp3");
  }

  // As libsndfile's encoder writes it, with a tag.
  std::string encoded(int sample_rate, int channels) const {
    write_sound(folder_.path() / "a.mp3",
                {.format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
                 .sample_rate = sample_rate,
                 .channels = channels},
                sine(440.0, sample_rate, 20000));
    return read_bytes(folder_.path() / "a.mp3");
  }

  TestFolder folder_{absl::StrCat("mpeg_tag_test_", ::getpid())};
};

std::string id3(int size) {
  std::string tag("ID3\x04\0\0", 6);
  for (const int shift : {21, 14, 7, 0}) tag.push_back(static_cast<char>(size >> shift & 0x7F));
  return tag + std::string(static_cast<std::size_t>(size), 'x');
}

TEST_F(MpegTag, IsFoundInEveryKindOfFrame) {
  for (const int sample_rate : {48000, 44100, 22050, 8000}) {
    for (const int channels : {1, 2}) EXPECT_TRUE(counts_frames(encoded(sample_rate, channels)));
  }
}

TEST_F(MpegTag, IsFoundBehindId3Tags) {
  EXPECT_TRUE(counts_frames(id3(300) + id3(5) + encoded(44100, 2)));
}

TEST_F(MpegTag, IsAbsentWhereTheFirstFrameIsSound) {
  const std::string bytes = encoded(44100, 1);
  EXPECT_FALSE(counts_frames(bytes.substr(mpeg_frame_bytes(bytes))));
}

TEST_F(MpegTag, CountsNothingWithoutItsFlag) {
  std::string bytes = encoded(44100, 1);
  const std::size_t tag = bytes.find("Xing");
  ASSERT_NE(tag, std::string::npos);
  bytes[tag + 7] = static_cast<char>(bytes[tag + 7] & ~1);
  EXPECT_FALSE(counts_frames(bytes));
}

TEST_F(MpegTag, IsAbsentFromOtherAndShortFiles) {
  EXPECT_FALSE(counts_frames(""));
  EXPECT_FALSE(counts_frames("ID3"));
  EXPECT_FALSE(counts_frames("RIFF" + std::string(100, 'x')));
  EXPECT_FALSE(mpeg_tag_counts_frames(folder_.path() / "absent.mp3"));
}

}  // namespace
}  // namespace melsweep::audio
