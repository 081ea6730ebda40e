// Waveforms and spectrograms as SVG, with axes in s, Hz and dB.
#pragma once

#include <string>

#include "client/report/renderings.h"

namespace melsweep::report {

// `id`: of the gradient inside, by itself within the page. The rendering's picture lies in it as data.
std::string spectrogram_svg(const Rendering& rendering, const std::string& id);
std::string waveform_svg(const Rendering& rendering);

}  // namespace melsweep::report
