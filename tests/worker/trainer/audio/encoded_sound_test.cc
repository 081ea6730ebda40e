#include "worker/trainer/audio/encoded_sound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

using testing::HasSubstr;

// Encoded, written to a file, and decoded again.
MonoSound round_trip(const MonoSound& sound, SoundCoding coding) {
  const TestFolder folder("melsweep-encoded-sound");
  const auto bytes = encode_sound(sound, coding);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  write_bytes(folder.path() / "sound", bytes.value_or(""));
  const auto decoded = decode(folder.path() / "sound", Channel::kAverage);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  return decoded.value_or(MonoSound{});
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double ab = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  const double aa = std::inner_product(a.begin(), a.end(), a.begin(), 0.0);
  const double bb = std::inner_product(b.begin(), b.end(), b.begin(), 0.0);
  return ab / std::sqrt(aa * bb);
}

TEST(EncodedSound, OpusKeepsLengthAndSound) {
  const MonoSound sound{.sample_rate = kOpusRate, .samples = sine(1000.0, kOpusRate, 100001)};
  const MonoSound decoded = round_trip(sound, SoundCoding::kOpus);
  EXPECT_EQ(decoded.sample_rate, kOpusRate);
  ASSERT_EQ(decoded.samples.size(), sound.samples.size());
  EXPECT_GT(correlation(decoded.samples, sound.samples), 0.95);
}

TEST(EncodedSound, FlacKeepsEverySample) {
  const MonoSound sound{.sample_rate = 22050, .samples = sine(1000.0, 22050, 5000)};
  const MonoSound decoded = round_trip(sound, SoundCoding::kFlac);
  EXPECT_EQ(decoded.sample_rate, 22050);
  ASSERT_EQ(decoded.samples.size(), sound.samples.size());
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    ASSERT_NEAR(decoded.samples[i], sound.samples[i], 1.0 / 32768) << i;
  }
}

TEST(EncodedSound, OfOneSampleIsASound) {
  for (const SoundCoding coding : {SoundCoding::kOpus, SoundCoding::kFlac}) {
    const MonoSound decoded = round_trip({.sample_rate = kOpusRate, .samples = {0.5F}}, coding);
    EXPECT_EQ(decoded.samples.size(), 1U);
  }
}

TEST(EncodedSound, ClipsWhatExceedsFullScale) {
  const MonoSound loud{.sample_rate = 22050, .samples = {3.0F, -7.0F, 0.25F, 1e9F}};
  const MonoSound decoded = round_trip(loud, SoundCoding::kFlac);
  ASSERT_EQ(decoded.samples.size(), 4U);
  EXPECT_NEAR(decoded.samples[0], 1.0F, 1e-4F);
  EXPECT_NEAR(decoded.samples[1], -1.0F, 1e-4F);
  EXPECT_NEAR(decoded.samples[2], 0.25F, 1e-4F);
  EXPECT_NEAR(decoded.samples[3], 1.0F, 1e-4F);
}

TEST(EncodedSound, IsTheSameFileEachTime) {
  const MonoSound sound{.sample_rate = kOpusRate, .samples = sine(440.0, kOpusRate, 48000)};
  for (const SoundCoding coding : {SoundCoding::kOpus, SoundCoding::kFlac}) {
    EXPECT_EQ(encode_sound(sound, coding).value(), encode_sound(sound, coding).value());
  }
}

TEST(EncodedSound, OfFiveSecondsIsSmall) {
  const MonoSound sound{.sample_rate = kOpusRate, .samples = sine(440.0, kOpusRate, 5 * kOpusRate)};
  EXPECT_LT(encode_sound(sound, SoundCoding::kOpus).value().size(), 40000U);
}

TEST(EncodedSound, RefusesAnotherRateAndNoSamples) {
  const auto rate = encode_sound({.sample_rate = 44100, .samples = {0.0F}}, SoundCoding::kOpus);
  EXPECT_TRUE(absl::IsInvalidArgument(rate.status()));
  EXPECT_THAT(std::string(rate.status().message()), HasSubstr("48000 Hz, not at 44100"));
  const auto empty = encode_sound({.sample_rate = 44100, .samples = {}}, SoundCoding::kFlac);
  EXPECT_TRUE(absl::IsInvalidArgument(empty.status()));
}

}  // namespace
}  // namespace melsweep::audio
