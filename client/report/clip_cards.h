// What there is to see and hear of a clip, put on its card.
#pragma once

#include <string>

#include "client/report/document.h"
#include "client/report/illustrations.h"

namespace melsweep::report {

// A sentence on why there are no pictures of the data set's clips.
std::string unavailable(const Illustrations& illustrations);

// Of the mistakes, which a trial may have kept: from where pictures and sounds are, or why there are none.
// Empty where all are made of the data set.
std::string availability(const Illustrations& illustrations);

// Each adds what there is of the clip, and nothing where there is nothing.
void add_spectrogram(const Illustrations& illustrations, View view, const std::string& clip, ClipCard& card);
void add_waveform(const Illustrations& illustrations, const std::string& clip, ClipCard& card);
void add_sound(const Illustrations& illustrations, const std::string& clip, ClipCard& card);

// Why something of the clip is missing.
void add_error(const Illustrations& illustrations, const std::string& clip, ClipCard& card);

}  // namespace melsweep::report
