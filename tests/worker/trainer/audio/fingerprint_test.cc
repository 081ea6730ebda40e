#include "worker/trainer/audio/fingerprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "tests/worker/trainer/audio/melody.h"
#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kRate = 22050;

Fingerprint fingerprint_of(std::vector<float> samples, int sample_rate = kRate) {
  const auto made = fingerprint({.sample_rate = sample_rate, .samples = std::move(samples)});
  EXPECT_TRUE(made.ok()) << made.status();
  return made.value_or(Fingerprint());
}

// The part of the bits.
double difference(const Fingerprint& one, const Fingerprint& other) {
  EXPECT_EQ(one.size(), other.size());
  int bits = 0;
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i)
    bits += std::popcount(one[i] ^ other[i]);
  return bits / (32.0 * static_cast<double>(one.size()));
}

TEST(Fingerprint, HasAnItemFor93MillisecondsOfWhatLastsTwoSeconds) {
  EXPECT_THAT(fingerprint_of(melody(1, kRate, 5.0)), SizeIs(33));
  EXPECT_THAT(fingerprint_of(melody(1, kRate, 4.0)), SizeIs(23));
  EXPECT_THAT(fingerprint_of(melody(1, 44100, 4.0), 44100), SizeIs(23));
  EXPECT_THAT(fingerprint_of(melody(1, kRate, 1.9)), IsEmpty());
  EXPECT_THAT(fingerprint_of({}), IsEmpty());
}

TEST(Fingerprint, IsTheSameAtAnyLevel) {
  std::vector<float> sound = melody(2, kRate, 5.0);
  const Fingerprint first = fingerprint_of(sound);
  for (float& sample : sound) sample *= 1000.0F;
  EXPECT_LT(difference(fingerprint_of(sound), first), 0.01);
}

TEST(Fingerprint, IsAlmostTheSameInAnotherEncodingAndRate) {
  const TestFolder folder("melsweep-fingerprint");
  const std::vector<float> sound = melody(3, 44100, 5.0);
  const Fingerprint first = fingerprint_of(sound, 44100);
  write_sound(folder.path() / "a.ogg", {.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS, .sample_rate = 44100},
              sound);
  const auto decoded = decode(folder.path() / "a.ogg", Channel::kAverage);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_LT(difference(fingerprint(*decoded).value(), first), 0.12);
  std::vector<float> halved;
  for (std::size_t i = 0; i < sound.size(); i += 2) halved.push_back(sound[i]);
  EXPECT_LT(difference(fingerprint_of(halved), first), 0.12);
}

TEST(Fingerprint, IsAnotherOfAnotherSound) {
  EXPECT_GT(difference(fingerprint_of(melody(4, kRate, 5.0)), fingerprint_of(melody(5, kRate, 5.0))), 0.3);
}

TEST(Fingerprint, SaysWhereThereIsSilence) {
  const Fingerprint silence = fingerprint_of(std::vector<float>(5 * kRate));
  EXPECT_THAT(silence, SizeIs(33));
  EXPECT_THAT(silence, Each(kSilentItem));
}

TEST(Fingerprint, IsOfTheWholeSoundAtLowRatesToo) {
  for (const int rate : {1000, 1001, 4000, 8000, 11024})
    EXPECT_THAT(fingerprint_of(melody(6, rate, 4.0), rate), SizeIs(23)) << rate;
}

}  // namespace
}  // namespace melsweep::audio
