#include "shared/spec/cell_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "shared/spec/mel_bands.h"
#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(CellCheck, BlamesTheSweptValueThatTheFftDoesNotAllow) {
  const std::string problems = problems_in(with("parameters:\n  features.n_mels: [128, 4096]\n"));
  EXPECT_THAT(problems,
              StartsWith("f:9:26: n_mels 4096 is more than the FFT allows: with n_fft 2048 at 22050 Hz"));
  EXPECT_EQ(std::count(problems.begin(), problems.end(), '\n'), 1);
}

TEST(CellCheck, BlamesTheSweptFieldBeforeAGivenOne) {
  EXPECT_THAT(
      problems_in(with("features: {n_mels: 128, hop_length: 64}\nparameters:\n  n_fft: [256, 2048]\n")),
      StartsWith("f:10:11: n_mels 128 is more than the FFT allows: with n_fft 256"));
}

TEST(CellCheck, BlamesTheGivenField) {
  EXPECT_THAT(problems_in(with("features: {n_mels: 4096}\n")),
              StartsWith("f:8:20: n_mels 4096 is more than the FFT allows"));
}

TEST(CellCheck, DoesNotMindMelBandsOfAPictureInHertz) {
  EXPECT_EQ(problems_in(with("features: {representation: hertz, n_mels: 4096}\n")), "");
}

TEST(CellCheck, RefusesAWarmUpLongerThanTheTraining) {
  EXPECT_EQ(problems_in(with("training: {warmup_steps: 200}\nparameters:\n  steps: [100, 200]\n")),
            "f:10:11: warmup_steps 200 is more than the 100 steps (warmup_steps can be at most 100)\n");
}

TEST(CellCheck, RefusesAPrecisionOfTrunksThatLearn) {
  constexpr const char* kWords =
      ": precision bfloat16 is of a trunk that does not learn, and this one does (use float32, or trainable: "
      "head)\n";
  EXPECT_EQ(problems_in(with_weights("random, precision: bfloat16, trainable: all")),
            absl::StrCat("f:7:37", kWords));
  EXPECT_EQ(problems_in(with(
                "parameters:\n  trainable: [head, {blocks: 2}]\n  model.precision: [float32, bfloat16]\n")),
            absl::StrCat("f:10:30", kWords));
}

TEST(CellCheck, TakesAnyPrecisionOfATrunkThatDoesNotLearn) {
  EXPECT_EQ(problems_in(with("parameters:\n  model.precision: [float32, bfloat16]\n")), "");
}

TEST(CellCheck, RefusesAHeadsPrecisionWhereTheNetworkLearns) {
  constexpr const char* kWords =
      ": training.precision bfloat16 is of a head that learns alone, and here the network learns (use "
      "float32, or "
      "model.trainable: head)\n";
  EXPECT_EQ(problems_in(with("training: {precision: bfloat16}\nparameters:\n  trainable: [head, all]\n")),
            absl::StrCat("f:10:21", kWords));
  EXPECT_EQ(
      problems_in(with("parameters:\n  trainable: [head, {blocks: 2}]\n  training.precision: [bfloat16]\n")),
      absl::StrCat("f:10:24", kWords));
  EXPECT_EQ(problems_in(with("parameters:\n  training.precision: [float32, bfloat16]\n")), "");
}

TEST(CellCheck, RefusesMixedBottlenecksWhereTheNetworkLearns) {
  constexpr const char* kWords =
      ": mixup is of bottlenecks, which a head learns from alone, and here the network learns (leave mixup "
      "out, "
      "or use model.trainable: head)\n";
  EXPECT_EQ(problems_in(with("training: {augmentation: mixup}\nparameters:\n  trainable: [head, all]\n")),
            absl::StrCat("f:10:21", kWords));
  EXPECT_EQ(
      problems_in(with("parameters:\n  trainable: [head, all]\n  augmentation: [none, [channels, mixup]]\n")),
      absl::StrCat("f:10:24", kWords));
  EXPECT_EQ(problems_in(with("parameters:\n  augmentation: [none, [channels, mixup]]\n")), "");
}

TEST(CellCheck, RefusesAnAlphaOfMixupThatNoTrialUses) {
  EXPECT_EQ(problems_in(with("training: {augmentation: channels, mixup_alpha: 0.5}\n")),
            "f:8:36: training.mixup_alpha has no meaning without the augmentation mixup (leave it out, or "
            "add mixup to "
            "training.augmentation)\n");
  EXPECT_EQ(problems_in(with("parameters:\n  mixup_alpha: [0.2, 0.5]\n")),
            "f:9:3: parameters.mixup_alpha has no meaning without the augmentation mixup (leave it out, or "
            "add mixup "
            "to training.augmentation)\n");
  EXPECT_EQ(problems_in(with("parameters:\n  mixup_alpha: [0.2, 0.5]\n  augmentation: [none, mixup]\n")), "");
}

TEST(CellCheck, RefusesSettingsOfVariantsThatNoTrialHas) {
  const std::vector<std::pair<std::string, std::string>> settings = {
      {"noise_color: pink", "noise"}, {"noise_snr: 10", "noise"},     {"gain_db: 3", "gain"},
      {"shift_s: 0.1", "shift"},      {"mask_frequency: 8", "masks"}, {"mask_time: 8", "masks"}};
  for (const auto& [setting, variant] : settings) {
    const std::string field = setting.substr(0, setting.find(':'));
    EXPECT_EQ(problems_in(with("training: {augmentation: [channels], " + setting + "}\n")),
              absl::StrCat("f:8:38: training.", field, " has no meaning without the augmentation ", variant,
                           " (leave it out, or add ", variant, " to training.augmentation)\n"));
    EXPECT_EQ(problems_in(with("training: {augmentation: [channels, " + variant + "], " + setting + "}\n")),
              "");
    EXPECT_EQ(problems_in(with("training: {" + setting + "}\nparameters:\n  augmentation: [none, " + variant +
                               "]\n")),
              "");
  }
  EXPECT_EQ(
      problems_in(with("parameters:\n  training.noise_snr: [10, 20]\n")),
      "f:9:3: parameters.training.noise_snr has no meaning without the augmentation noise (leave it out, "
      "or add noise to training.augmentation)\n");
}

TEST(CellCheck, RefusesMasksWithoutASize) {
  constexpr const char* kWords =
      ": mask_frequency and mask_time are both 0: masks would give pictures without a mask (raise one of "
      "them, or leave masks out of the augmentation)\n";
  EXPECT_EQ(problems_in(with("training: {augmentation: masks, mask_frequency: 0, mask_time: 0}\n")),
            absl::StrCat("f:8:49", kWords));
  EXPECT_EQ(problems_in(with("training: {augmentation: masks, mask_time: 0}\nparameters:\n"
                             "  mask_frequency: [4, 0]\n")),
            absl::StrCat("f:10:23", kWords));
  EXPECT_EQ(problems_in(with("training: {augmentation: masks, mask_time: 0}\n")), "");
}

TEST(CellCheck, RefusesMomentumThatNoTrialUses) {
  EXPECT_EQ(
      problems_in(with("training: {optimizer: adam, momentum: 0.5}\n")),
      "f:8:29: training.momentum has no meaning with the optimizers of this sweep (leave it out, or use "
      "the optimizer 'momentum' or 'nesterov')\n");
  EXPECT_EQ(
      problems_in(with("parameters:\n  momentum: [0.5, 0.9]\n")),
      "f:9:3: parameters.momentum has no meaning with the optimizers of this sweep (leave it out, or use "
      "the optimizer 'momentum' or 'nesterov')\n");
}

TEST(CellCheck, RefusesGapsBetweenFrames) {
  EXPECT_THAT(problems_in(with("features: {hop_length: 4096}\n")),
              StartsWith("f:8:24: hop_length 4096 is larger than n_fft 2048"));
  EXPECT_THAT(problems_in(with("features: {win_length: 4096}\n")),
              StartsWith("f:8:24: win_length 4096 is larger"));
}

TEST(CellCheck, RefusesFrequenciesAboveHalfTheSampleRate) {
  EXPECT_THAT(problems_in(with("features: {fmax: 12000}\n")),
              StartsWith("f:8:18: fmax 12000 Hz is above half the sample rate"));
  EXPECT_EQ(problems_in(with("features: {fmax: 11025}\n")), "");
  EXPECT_THAT(problems_in(with("features: {fmax: 10000}\nparameters: {sample_rate: [22050, 16000]}\n")),
              StartsWith("f:9:35: fmax 10000 Hz is above half the sample rate of 16000 Hz"));
}

TEST(CellCheck, RefusesAnEmptyRangeOfFrequencies) {
  EXPECT_THAT(problems_in(with("features: {fmin: 5000, fmax: 5000}\n")),
              StartsWith("f:8:18: fmin 5000 Hz is not below fmax"));
  EXPECT_THAT(problems_in(with("features: {fmin: 11025}\n")),
              StartsWith("f:8:18: fmin 11025 Hz is not below fmax 11025"));
}

TEST(CellCheck, RefusesAGridOfMoreThanAHundredThousandTrials) {
  const auto grid = [](int seeds) {
    std::string values = "1";
    for (int i = 2; i <= 200; ++i) absl::StrAppend(&values, ",", i);
    return with(absl::StrCat("parameters:\n  batch_size: [", values, "]\n  learning_rate: [", values,
                             "]\nseeds: ", seeds, "\n"));
  };
  EXPECT_EQ(problems_in(grid(2)), "");
  EXPECT_EQ(
      problems_in(grid(3)),
      "f:8:1: the grid of 40000 cells with 3 seeds is larger than 100000 trials (sweep fewer values)\n");
}

// librosa 0.10 warns "Empty filters detected" for exactly these of: n_mels 128 at 22,050 Hz with n_fft 512,
// 1024, 2048.
TEST(MelBands, AreEmptyWhereTheBinsLieWiderThanTheTriangles) {
  FeatureSettings features;
  features.n_fft = 512;
  EXPECT_FALSE(first_empty_mel_band(features).has_value());
  features.n_fft = 256;
  EXPECT_TRUE(first_empty_mel_band(features).has_value());
}

// One band after the other, as librosa builds its filters: mel frequencies by the slaney scale, whose
// logarithm begins at 1,000 Hz, mel 15.
std::optional<int> first_band_without_a_bin(const FeatureSettings& f) {
  const auto mel_of = [](double hz) {
    return hz < 1000.0 ? hz * 3.0 / 200.0 : 15.0 + 27.0 * std::log(hz / 1000.0) / std::log(6.4);
  };
  const auto hz_of = [](double mel) {
    return mel < 15.0 ? mel * 200.0 / 3.0 : 1000.0 * std::pow(6.4, (mel - 15.0) / 27.0);
  };
  const double low = mel_of(f.fmin);
  const double high = mel_of(f.sample_rate / 2.0);
  const auto edge = [&](int i) { return hz_of(low + (high - low) * i / (f.n_mels + 1)); };
  for (int band = 0; band < f.n_mels; ++band) {
    bool empty = edge(band) > 0.0;
    for (int bin = 0; empty && bin <= f.n_fft / 2; ++bin) {
      const double hz = static_cast<double>(f.sample_rate) * bin / f.n_fft;
      empty = hz <= edge(band) || hz >= edge(band + 2);
    }
    if (empty) return band;
  }
  return std::nullopt;
}

TEST(MelBands, AreLookedAtAsFarAsOneCouldBeEmpty) {
  const bool holds = rc::check([] {
    FeatureSettings features;
    features.n_fft = *rc::gen::inRange(64, 600);
    features.n_mels = *rc::gen::inRange(1, 100);
    features.fmin = *rc::gen::inRange(0, 4000) + 0.3;
    features.sample_rate = *rc::gen::inRange(9000, 48000);
    RC_ASSERT(first_empty_mel_band(features) == first_band_without_a_bin(features));
  });
  EXPECT_TRUE(holds);
}

TEST(MelBands, ProposesANumberThatIsPossible) {
  FeatureSettings features;
  features.n_fft = 256;
  features.n_mels = possible_mel_bands(features);
  EXPECT_GT(features.n_mels, 0);
  EXPECT_FALSE(first_empty_mel_band(features).has_value());
}

}  // namespace
}  // namespace melsweep::spec
