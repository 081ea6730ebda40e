#include "worker/trainer/audio/spectrogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/audio/mel.h"

namespace melsweep::audio {
namespace {

using testing::Each;
using testing::HasSubstr;

SpectrogramMaker maker(const FeatureSettings& settings) {
  absl::StatusOr<SpectrogramMaker> made = SpectrogramMaker::create(settings);
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

// The band that holds most at a frame.
int loudest_band(const Spectrogram& spectrogram, int frame) {
  int loudest = 0;
  const auto value = [&](int band) {
    return spectrogram.values[static_cast<std::size_t>(band * spectrogram.frames + frame)];
  };
  for (int band = 1; band < spectrogram.bands; ++band)
    loudest = value(band) > value(loudest) ? band : loudest;
  return loudest;
}

TEST(SpectrogramMaker, PutsASineIntoItsMelBand) {
  SpectrogramMaker mel = maker({});
  const double top = hz_to_mel(11025.0);
  for (const double hz : {300.0, 1000.0, 4000.0, 9000.0}) {
    const absl::StatusOr<Spectrogram> spectrogram =
        mel.make({.sample_rate = 22050, .samples = sine(hz, 22050, 22050)});
    ASSERT_TRUE(spectrogram.ok()) << spectrogram.status();
    EXPECT_EQ(spectrogram->bands, 128);
    EXPECT_EQ(spectrogram->frames, 44);
    EXPECT_NEAR(loudest_band(*spectrogram, 20), hz_to_mel(hz) / top * 129.0 - 1.0, 1.0) << hz << " Hz";
  }
}

TEST(SpectrogramMaker, ResamplesBeforeItLooks) {
  SpectrogramMaker hertz = maker({.representation = Representation::kHertz});
  for (const int rate : {8000, 16000, 44100, 96000}) {
    const absl::StatusOr<Spectrogram> spectrogram =
        hertz.make({.sample_rate = rate, .samples = sine(1000.0, rate, static_cast<std::size_t>(rate))});
    ASSERT_TRUE(spectrogram.ok()) << spectrogram.status();
    EXPECT_EQ(spectrogram->bands, 1025);
    EXPECT_EQ(spectrogram->frames, 44);
    EXPECT_EQ(loudest_band(*spectrogram, 20), 93) << rate;  // 1000 Hz * 2048 / 22050 Hz
  }
}

TEST(SpectrogramMaker, DoublesTheDecibelsOfMelOnlyWhenAskedForAmplitude) {
  const double no_floor = std::numeric_limits<double>::infinity();
  const MonoSound sound{.sample_rate = 22050, .samples = sine(1000.0, 22050, 8000)};
  const auto made = [&](FeatureSettings settings) { return maker(settings).make(sound)->values; };
  const auto power = made({.decibels = Decibels::kPower, .top_db = no_floor});
  const auto amplitude = made({.decibels = Decibels::kAmplitude, .top_db = no_floor});
  for (std::size_t i = 0; i < power.size(); ++i) {
    if (power[i] < -40.0F) continue;  // there librosa's smallest amplitude comes in
    ASSERT_NEAR(amplitude[i], 2.0F * power[i], 1e-3F);
  }
  EXPECT_EQ(made({.representation = Representation::kHertz, .decibels = Decibels::kPower}),
            made({.representation = Representation::kHertz, .decibels = Decibels::kAmplitude}));
}

TEST(SpectrogramMaker, StaysBetweenTheFloorAndZero) {
  SpectrogramMaker mel = maker({.top_db = 30.0});
  const Spectrogram spectrogram = *mel.make({.sample_rate = 22050, .samples = sine(1000.0, 22050, 8000)});
  EXPECT_FLOAT_EQ(*std::min_element(spectrogram.values.begin(), spectrogram.values.end()), -30.0F);
  EXPECT_FLOAT_EQ(*std::max_element(spectrogram.values.begin(), spectrogram.values.end()), 0.0F);
}

TEST(SpectrogramMaker, TakesSilenceAndOneSample) {
  SpectrogramMaker mel = maker({});
  const Spectrogram silence = *mel.make({.sample_rate = 22050, .samples = std::vector<float>(5000, 0.0F)});
  EXPECT_EQ(silence.frames, 10);
  EXPECT_THAT(silence.values, Each(0.0F));
  for (const int rate : {8000, 22050, 44100}) {
    const absl::StatusOr<Spectrogram> click = mel.make({.sample_rate = rate, .samples = {0.5F}});
    ASSERT_TRUE(click.ok()) << click.status();
    EXPECT_EQ(click->frames, 1);
  }
}

TEST(SpectrogramMaker, TakesAnFftFarLongerThanTheClipAndAnOddOne) {
  SpectrogramMaker longer = maker({.n_fft = 65536});
  EXPECT_EQ(longer.make({.sample_rate = 22050, .samples = sine(1000.0, 22050, 100)})->frames, 1);
  SpectrogramMaker odd = maker({.n_fft = 2047, .win_length = 1001});
  EXPECT_EQ(odd.make({.sample_rate = 22050, .samples = sine(1000.0, 22050, 512)})->frames, 1);
  EXPECT_EQ(odd.make({.sample_rate = 22050, .samples = sine(1000.0, 22050, 513)})->frames, 2);
}

TEST(SpectrogramMaker, GivesTheSameWhenUsedAgain) {
  SpectrogramMaker mel = maker({});
  const MonoSound sound{.sample_rate = 44100, .samples = sine(700.0, 44100, 30000)};
  const std::vector<float> first = mel.make(sound)->values;
  ASSERT_TRUE(mel.make({.sample_rate = 22050, .samples = sine(5000.0, 22050, 3000)}).ok());
  EXPECT_EQ(mel.make(sound)->values, first);
}

TEST(SpectrogramMaker, RefusesSoundThatHasNoSpectrogram) {
  SpectrogramMaker mel = maker({});
  EXPECT_EQ(mel.make({.sample_rate = 22050, .samples = {}}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(mel.make({.sample_rate = 22050, .samples = {3e38F, -3e38F}}).status().message(),
              HasSubstr("too large"));
}

TEST(SpectrogramMaker, RefusesASpectrogramThatFitsNoMemory) {
  SpectrogramMaker hertz = maker({.representation = Representation::kHertz, .hop_length = 1});
  const absl::Status status =
      hertz.make({.sample_rate = 22050, .samples = std::vector<float>(300'000, 0.1F)}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("300001 frames of 1025 bands"));
  EXPECT_THAT(status.message(), HasSubstr("raise features.hop_length (1)"));
}

TEST(SpectrogramMaker, RefusesImpossibleSettingsByName) {
  const auto refusal = [](const std::function<void(FeatureSettings&)>& change) {
    FeatureSettings settings;
    change(settings);
    const absl::Status status = SpectrogramMaker::create(settings).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_THAT(refusal([](auto& s) { s.sample_rate = 0; }), HasSubstr("features.sample_rate"));
  EXPECT_THAT(refusal([](auto& s) { s.n_fft = 0; }), HasSubstr("features.n_fft"));
  EXPECT_THAT(refusal([](auto& s) { s.n_fft = 1 << 30; }), HasSubstr("features.n_fft"));
  EXPECT_THAT(refusal([](auto& s) { s.hop_length = 0; }), HasSubstr("features.hop_length"));
  EXPECT_THAT(refusal([](auto& s) { s.win_length = 2049; }), HasSubstr("features.win_length"));
  EXPECT_THAT(refusal([](auto& s) { s.n_mels = 0; }), HasSubstr("features.n_mels"));
  EXPECT_THAT(refusal([](auto& s) { s.n_mels = 1026; }), HasSubstr("features.n_mels"));
  EXPECT_THAT(refusal([](auto& s) { s.fmin = 11025.0; }), HasSubstr("features.fmin"));
  EXPECT_THAT(refusal([](auto& s) { s.fmax = 11026.0; }), HasSubstr("features.fmax"));
  EXPECT_THAT(refusal([](auto& s) { s.top_db = 0.0; }), HasSubstr("features.top_db"));
}

}  // namespace
}  // namespace melsweep::audio
