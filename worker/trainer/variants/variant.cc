#include "worker/trainer/variants/variant.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>

#include "shared/files/digest.h"
#include "shared/spec/names.h"
#include "worker/trainer/random/random.h"
#include "worker/trainer/variants/gain.h"
#include "worker/trainer/variants/masks.h"
#include "worker/trainer/variants/noise.h"
#include "worker/trainer/variants/time_shift.h"

namespace melsweep::variants {
namespace {

constexpr int kNoiseVersion = 1;
constexpr int kGainVersion = 1;
constexpr int kShiftVersion = 1;
constexpr int kMasksVersion = 1;

// The shortest that reads back as the same number, and so the same everywhere.
std::string text(double number) {
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr};
}

Random random_of(std::string_view name) {
  const std::string digest = files::sha256(name);
  std::uint64_t seed = 0;
  std::from_chars(digest.data(), digest.data() + 16, seed, 16);
  return {seed, RandomStream::kVariants};
}

}  // namespace

std::string to_text(const Variant& variant) {
  const VariantSettings& s = variant.settings;
  switch (variant.kind) {
    case Augmentation::kNoise:
      return fmt::format("noise:{}:{}:{}", kNoiseVersion, spec::name_of(s.noise_color), text(s.noise_snr));
    case Augmentation::kGain:
      return fmt::format("gain:{}:{}", kGainVersion, text(s.gain_db));
    case Augmentation::kShift:
      return fmt::format("shift:{}:{}", kShiftVersion, text(s.shift_s));
    case Augmentation::kMasks:
      return fmt::format("masks:{}:{}:{}", kMasksVersion, s.mask_frequency, s.mask_time);
    case Augmentation::kChannels:
    case Augmentation::kMixup:
      break;
  }
  assert(false && "no variant of one signal");
  return "";
}

bool changes_sound(const Variant& variant) {
  return variant.kind != Augmentation::kMasks;
}

void vary(const Variant& variant, std::string_view name, int sample_rate, std::span<float> samples) {
  assert(changes_sound(variant));
  const VariantSettings& settings = variant.settings;
  const Random random = random_of(name);
  if (variant.kind == Augmentation::kNoise)
    add_noise(samples, settings.noise_color, settings.noise_snr, random);
  if (variant.kind == Augmentation::kGain) change_gain(samples, settings.gain_db, random);
  if (variant.kind == Augmentation::kShift) shift_in_time(samples, sample_rate, settings.shift_s, random);
}

void vary(const Variant& variant, std::string_view name, audio::Spectrogram& spectrogram) {
  assert(!changes_sound(variant));
  mask(spectrogram, variant.settings, random_of(name));
}

}  // namespace melsweep::variants
