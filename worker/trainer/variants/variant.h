// What is made of a signal for training, besides its own picture.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "shared/model/settings.h"
#include "worker/trainer/audio/spectrogram.h"

namespace melsweep::variants {

struct Variant {
  Augmentation kind = Augmentation::kNoise;  // one that is_variant()
  VariantSettings settings;                  // of which those of its kind count
};

// "noise:1:white:20": its kind, the version of the code that makes it, and what else its result depends on,
// so that it is part of the name of what is cached. Raise a version when the code's numbers change.
std::string to_text(const Variant& variant);

// Whether it is made of the samples; else of the spectrogram.
bool changes_sound(const Variant& variant);

// All chance comes from `name`, that of the result (a signal's, with to_text() in it): equal names give equal
// results, on every machine and in every trial. Any thread.
//
// For variants that changes_sound() is true of: the samples, in place.
void vary(const Variant& variant, std::string_view name, int sample_rate, std::span<float> samples);
// For the others: the decibels, in place.
void vary(const Variant& variant, std::string_view name, audio::Spectrogram& spectrogram);

}  // namespace melsweep::variants
