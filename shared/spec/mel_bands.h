// Whether a mel filter bank is possible: the slaney scale of librosa.filters.mel (htk=False).
#pragma once

#include <optional>

#include "shared/model/settings.h"

namespace melsweep::spec {

// The 0-based number of the first mel band that holds no FFT bin, as librosa's warning "Empty filters
// detected" counts them: a band that begins at 0 Hz may be empty. None where all bands hold one. The highest
// frequency must be at most half the sample rate.
std::optional<int> first_empty_mel_band(const FeatureSettings& features);

// A number of bands below features.n_mels that leaves none empty, the largest that halving finds; 0 where
// there is none.
int possible_mel_bands(const FeatureSettings& features);

// Hz: features.fmax, or half the sample rate where that is 0.
double highest_frequency(const FeatureSettings& features);

}  // namespace melsweep::spec
