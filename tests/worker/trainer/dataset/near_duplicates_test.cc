#include "worker/trainer/dataset/near_duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/worker/trainer/audio/melody.h"

namespace melsweep::dataset {
namespace {

using audio::Fingerprint;
using audio::melody;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kRate = 11025;

Fingerprint fingerprint_of(std::vector<float> samples) {
  const auto made = audio::fingerprint({.sample_rate = kRate, .samples = std::move(samples)});
  EXPECT_TRUE(made.ok()) << made.status();
  return made.value_or(Fingerprint());
}

Fingerprint fingerprint_of_melody(std::uint32_t number, double seconds = 5.0) {
  return fingerprint_of(melody(number, kRate, seconds));
}

NearDuplicates duplicates_among(const std::vector<Fingerprint>& clips) {
  const auto found = find_near_duplicates(clips, [](std::size_t, std::size_t) { return true; }, {});
  EXPECT_TRUE(found.ok()) << found.status();
  return found.value_or(NearDuplicates());
}

std::vector<std::pair<std::size_t, std::size_t>> indices(const NearDuplicates& found) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const NearDuplicate& pair : found.pairs) pairs.emplace_back(pair.first, pair.second);
  return pairs;
}

std::vector<float> without_beginning(std::vector<float> sound, double seconds) {
  sound.erase(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(seconds * kRate));
  return sound;
}

TEST(NearDuplicates, AreFoundAtAnotherLevelAndAfterAShift) {
  std::vector<float> quieter = melody(1, kRate, 5.0);
  for (float& sample : quieter) sample = std::round(sample * 300.0F) / 32768.0F;
  const std::vector<Fingerprint> clips = {fingerprint_of_melody(1), fingerprint_of_melody(2),
                                          fingerprint_of(quieter), fingerprint_of_melody(3),
                                          fingerprint_of(without_beginning(melody(2, kRate, 5.0), 0.56))};
  const NearDuplicates found = duplicates_among(clips);
  EXPECT_THAT(indices(found), testing::ElementsAre(std::pair(0, 2), std::pair(1, 4)));
  EXPECT_LT(found.pairs[0].difference, 0.02);
  EXPECT_LT(found.pairs[1].difference, kMostDifferent);
}

TEST(NearDuplicates, AreNotClipsThatLieFurtherApartThanIsLookedAt) {
  EXPECT_THAT(duplicates_among(
                  {fingerprint_of_melody(1), fingerprint_of(without_beginning(melody(1, kRate, 6.0), 1.0))})
                  .pairs,
              IsEmpty());
}

TEST(NearDuplicates, AreNotClipsThatShareTheirBeginning) {
  std::vector<float> mixed = melody(1, kRate, 2.5);
  const std::vector<float> other = melody(2, kRate, 5.0);
  mixed.insert(mixed.end(), other.begin() + std::ssize(mixed), other.end());
  EXPECT_THAT(duplicates_among({fingerprint_of_melody(1), fingerprint_of(mixed)}).pairs, IsEmpty());
}

TEST(NearDuplicates, AreNotDifferentSounds) {
  std::vector<Fingerprint> clips;
  for (std::uint32_t number = 0; number < 60; ++number) clips.push_back(fingerprint_of_melody(number));
  const NearDuplicates found = duplicates_among(clips);
  EXPECT_THAT(found.pairs, IsEmpty());
  EXPECT_EQ(found.too_short + found.too_even, 0);
}

TEST(NearDuplicates, AreNotClipsOfNoise) {
  std::vector<Fingerprint> clips;
  for (std::uint32_t number = 0; number < 60; ++number) {
    std::mt19937 random(number);
    std::vector<float> noise(5 * kRate);
    for (float& sample : noise) sample = static_cast<float>(random()) / 4294967296.0F - 0.5F;
    clips.push_back(fingerprint_of(noise));
  }
  EXPECT_THAT(duplicates_among(clips).pairs, IsEmpty());
}

TEST(NearDuplicates, CountsSilentSteadyAndShortClipsAndComparesThemWithNone) {
  std::vector<float> tone(5 * kRate);
  for (std::size_t i = 0; i < tone.size(); ++i) tone[i] = std::sin(0.2F * static_cast<float>(i));
  std::vector<float> mostly_silent = melody(1, kRate, 1.0);
  mostly_silent.resize(5 * kRate);
  std::vector<Fingerprint> clips;
  for (int copies = 0; copies < 2; ++copies) {
    clips.push_back(fingerprint_of(std::vector<float>(5 * kRate)));
    clips.push_back(fingerprint_of(tone));
    clips.push_back(fingerprint_of(mostly_silent));
    clips.push_back(fingerprint_of_melody(4, 3.3));
    clips.push_back({});
  }
  const NearDuplicates found = duplicates_among(clips);
  EXPECT_THAT(found.pairs, IsEmpty());
  EXPECT_EQ(found.too_even, 6);
  EXPECT_EQ(found.too_short, 4);
}

TEST(NearDuplicates, AreThoseThatMatter) {
  const std::vector<Fingerprint> clips(3, fingerprint_of_melody(5));
  const auto found =
      find_near_duplicates(clips, [](std::size_t one, std::size_t other) { return other - one == 2; }, {});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->pairs, (std::vector<NearDuplicate>{{.first = 0, .second = 2, .difference = 0.0}}));
}

// More than stand under one half: each is still found with some of the others.
TEST(NearDuplicates, OfVeryManyCopiesAllHaveOne) {
  const std::vector<Fingerprint> clips(700, fingerprint_of_melody(6));
  std::vector<bool> has_one(clips.size(), false);
  for (const NearDuplicate& pair : duplicates_among(clips).pairs)
    has_one[pair.first] = has_one[pair.second] = true;
  EXPECT_THAT(has_one, testing::Each(true));
}

TEST(NearDuplicates, TellsHowFarItIsAndStopsWhenAsked) {
  const std::vector<Fingerprint> clips(3, fingerprint_of_melody(7));
  std::stop_source stop;
  std::vector<Progress> seen;
  const auto found = find_near_duplicates(clips, [](std::size_t, std::size_t) { return true; },
                                          {.progress =
                                               [&](const Progress& progress) {
                                                 seen.push_back(progress);
                                                 if (progress.done == 2) stop.request_stop();
                                               },
                                           .stop = stop.get_token()});
  EXPECT_EQ(found.status().code(), absl::StatusCode::kCancelled);
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen.back(), (Progress{.stage = "comparing clips", .done = 2, .total = 3}));
}

}  // namespace
}  // namespace melsweep::dataset
