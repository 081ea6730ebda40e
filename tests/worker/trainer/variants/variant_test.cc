#include "worker/trainer/variants/variant.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/files/digest.h"

namespace melsweep::variants {
namespace {

constexpr Augmentation kKinds[] = {Augmentation::kNoise, Augmentation::kGain, Augmentation::kShift,
                                   Augmentation::kMasks};

// A triangle of 100 samples and its echo: exact in every arithmetic.
std::vector<float> any_samples() {
  std::vector<float> samples(4000);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const auto phase = static_cast<float>(n % 100);
    samples[n] = ((phase < 50.0F ? phase : 100.0F - phase) - 25.0F) / 64.0F;
    if (n >= 1000) samples[n] += samples[n - 1000] / 2.0F;
  }
  return samples;
}

audio::Spectrogram any_spectrogram() {
  audio::Spectrogram spectrogram{.bands = 64, .frames = 80, .values = std::vector<float>(64 * 80)};
  for (std::size_t i = 0; i < spectrogram.values.size(); ++i)
    spectrogram.values[i] = -static_cast<float>(i * i % 8001) / 100.0F;
  return spectrogram;
}

std::vector<float> varied(const Variant& variant, const std::string& name) {
  if (changes_sound(variant)) {
    std::vector<float> samples = any_samples();
    vary(variant, name, 22050, samples);
    return samples;
  }
  audio::Spectrogram spectrogram = any_spectrogram();
  vary(variant, name, spectrogram);
  return spectrogram.values;
}

TEST(VariantText, SaysWhatTheResultDependsOn) {
  VariantSettings settings;
  EXPECT_EQ(to_text({Augmentation::kNoise, settings}), "noise:1:white:20");
  EXPECT_EQ(to_text({Augmentation::kGain, settings}), "gain:1:6");
  EXPECT_EQ(to_text({Augmentation::kShift, settings}), "shift:1:0.5");
  EXPECT_EQ(to_text({Augmentation::kMasks, settings}), "masks:1:16:32");
  settings = {NoiseColor::kPink, -0.1, 1.0 / 3.0, 1e-9, 0, 7};
  EXPECT_EQ(to_text({Augmentation::kNoise, settings}), "noise:1:pink:-0.1");
  EXPECT_EQ(to_text({Augmentation::kGain, settings}), "gain:1:0.3333333333333333");
  EXPECT_EQ(to_text({Augmentation::kShift, settings}), "shift:1:1e-09");
  EXPECT_EQ(to_text({Augmentation::kMasks, settings}), "masks:1:0:7");
}

TEST(Vary, ChangesWhatItIsGivenAndDependsOnTheNameAlone) {
  for (const Augmentation kind : kKinds) {
    const Variant variant{kind, {}};
    const std::vector<float> before = changes_sound(variant) ? any_samples() : any_spectrogram().values;
    const std::vector<float> one = varied(variant, "a/left/x");
    EXPECT_EQ(one.size(), before.size());
    EXPECT_NE(one, before);
    EXPECT_EQ(one, varied(variant, "a/left/x"));
    EXPECT_NE(one, varied(variant, "a/right/x"));
    EXPECT_NE(one, varied(variant, "b/left/x"));
  }
}

// Written down once; another value here means that cached variants are no longer what the code makes, and
// that workers of different versions train on different pictures: raise the variant's version.
TEST(Vary, GivesTheSameBitsForever) {
  std::map<std::string, std::string> digests;
  VariantSettings pink;
  pink.noise_color = NoiseColor::kPink;
  for (const Augmentation kind : kKinds) {
    for (const VariantSettings& settings : {VariantSettings{}, pink}) {
      const Variant variant{kind, settings};
      const std::vector<float> result = varied(variant, "clip/average/" + to_text(variant));
      const auto* bytes = reinterpret_cast<const char*>(result.data());
      digests[to_text(variant)] =
          files::sha256(std::string_view(bytes, result.size() * sizeof(float))).substr(0, 16);
    }
  }
  const std::map<std::string, std::string> expected = {{"gain:1:6", "86fe37613d3652af"},
                                                       {"masks:1:16:32", "fa8d26c18e74bee8"},
                                                       {"noise:1:pink:20", "17940c13cfdfb904"},
                                                       {"noise:1:white:20", "373a3e61ee814ac2"},
                                                       {"shift:1:0.5", "d57c71a66bfcbfe3"}};
  EXPECT_EQ(digests, expected);
}

}  // namespace
}  // namespace melsweep::variants
