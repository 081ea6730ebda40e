#include "worker/trainer/audio/vorbis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

using testing::Eq;
using testing::Optional;

constexpr int kVorbis = SF_FORMAT_OGG | SF_FORMAT_VORBIS;

// Noise that swells and fades, so that long and short blocks come.
std::vector<float> swelling_noise(std::size_t values, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-0.5F, 0.5F);
  std::vector<float> wave(values);
  for (std::size_t n = 0; n < values; ++n) {
    wave[n] = uniform(random) * std::abs(std::sin(static_cast<float>(n) * 1e-3F));
  }
  return wave;
}

std::vector<float> by_libsndfile(const std::filesystem::path& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  std::vector<float> interleaved(static_cast<std::size_t>(info.frames * info.channels));
  const sf_count_t read = sf_readf_float(file, interleaved.data(), info.frames);
  sf_close(file);
  interleaved.resize(static_cast<std::size_t>(read * info.channels));
  return interleaved;
}

class Vorbis : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  // Two seconds in one channel, in a dozen pages.
  std::string ordinary_file() const {
    write_sound(file("ordinary.ogg"), {.format = kVorbis}, swelling_noise(kFrames, 1));
    return read_bytes(file("ordinary.ogg"));
  }

  // What is decoded where these bytes are the file, and libvorbis said so many frames.
  std::optional<std::vector<float>> decode(const std::string& bytes, int channels = 1,
                                           std::int64_t frames = kFrames) const {
    write_bytes(file("a.ogg"), bytes);
    return decode_vorbis(file("a.ogg"), channels, frames);
  }

  static constexpr std::int64_t kFrames = 44100;

 private:
  TestFolder folder_{"melsweep-vorbis-test"};
};

// The reference is libvorbis, through libsndfile.
TEST_F(Vorbis, DecodesWhatLibvorbisDecodes) {
  for (const int channels : {1, 2}) {
    for (const int rate : {8000, 22050, 44100, 96000}) {
      for (const std::size_t frames : {1U, 100U, 1024U, 5000U, 70001U}) {
        SCOPED_TRACE(absl::StrCat(frames, " frames of ", channels, " channels at ", rate, " Hz"));
        write_sound(file("a.ogg"), {.format = kVorbis, .sample_rate = rate, .channels = channels},
                    swelling_noise(frames * static_cast<std::size_t>(channels), 7));
        const std::vector<float> expected = by_libsndfile(file("a.ogg"));
        const auto decoded = decode_vorbis(file("a.ogg"), channels, static_cast<std::int64_t>(frames));
        ASSERT_TRUE(decoded.has_value());
        EXPECT_THAT(*decoded, testing::Pointwise(testing::FloatNear(1e-6F), expected));
      }
    }
  }
}

TEST_F(Vorbis, LeavesOtherFramesAndChannelsThanTheFileHasToLibsndfile) {
  const std::string bytes = ordinary_file();
  EXPECT_TRUE(decode(bytes).has_value());
  EXPECT_FALSE(decode(bytes, 2).has_value());
  EXPECT_FALSE(decode(bytes, 1, kFrames - 1).has_value());
  EXPECT_FALSE(decode(bytes, 1, kFrames + 1).has_value());
  EXPECT_FALSE(decode(bytes, 1, 0).has_value());
}

TEST_F(Vorbis, LeavesMoreThanTwoChannelsToLibsndfile) {
  write_sound(file("a.ogg"), {.format = kVorbis, .channels = 3}, swelling_noise(30000, 2));
  EXPECT_FALSE(decode_vorbis(file("a.ogg"), 3, 10000).has_value());
}

TEST_F(Vorbis, LeavesOtherCodecsToLibsndfile) {
  write_sound(file("a.ogg"), {.format = SF_FORMAT_OGG | SF_FORMAT_OPUS, .sample_rate = 48000},
              swelling_noise(kFrames, 3));
  EXPECT_FALSE(decode_vorbis(file("a.ogg"), 1, kFrames).has_value());
  write_sound(file("a.wav"), {}, swelling_noise(kFrames, 3));
  EXPECT_FALSE(decode_vorbis(file("a.wav"), 1, kFrames).has_value());
  EXPECT_FALSE(decode_vorbis(file("missing.ogg"), 1, kFrames).has_value());
}

TEST_F(Vorbis, LeavesDamagedFilesToLibsndfile) {
  const std::string bytes = ordinary_file();
  for (const std::size_t at : {std::size_t{40}, bytes.size() / 4, bytes.size() / 2, bytes.size() - 5}) {
    SCOPED_TRACE(at);
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    EXPECT_FALSE(decode(damaged).has_value());
    EXPECT_FALSE(decode(bytes.substr(0, at)).has_value());
  }
}

// A page that is gone, in the middle and at the end; another file behind it; something behind it.
TEST_F(Vorbis, LeavesWhatIsNoSingleWholeStreamToLibsndfile) {
  const std::string bytes = ordinary_file();
  const std::size_t last = bytes.rfind("OggS");
  const std::size_t before = bytes.rfind("OggS", last - 1);
  EXPECT_FALSE(decode(bytes.substr(0, last)).has_value());
  EXPECT_FALSE(decode(bytes.substr(0, before) + bytes.substr(last)).has_value());
  EXPECT_FALSE(decode(bytes + bytes).has_value());
  EXPECT_FALSE(decode(bytes + "a tag").has_value());
}

// What libvorbis makes of a stream whose first page of sound was cut off, or that begins later than at 0, it
// counts in another way.
TEST_F(Vorbis, LeavesAStreamThatBeginsElsewhereToLibsndfile) {
  const std::string bytes = ordinary_file();
  std::vector<std::size_t> pages;
  for (std::size_t at = 0; (at = bytes.find("OggS", at)) != std::string::npos; ++at) pages.push_back(at);
  ASSERT_GE(pages.size(), 5U);
  // The identification, then the other headers, then sound.
  EXPECT_FALSE(decode(bytes.substr(0, pages[2]) + bytes.substr(pages[3])).has_value());
}

}  // namespace
}  // namespace melsweep::audio
