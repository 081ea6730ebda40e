#include "client/report/clip_cards.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/report/figures.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

double loudest(const Rendering& rendering) {
  double most = 0.0;
  for (const auto& [least, greatest] : rendering.peaks) {
    most = std::max({most, std::abs(least), std::abs(greatest)});
  }
  return most;
}

}  // namespace

std::string unavailable(const Illustrations& illustrations) {
  return absl::StrCat("Pictures and sounds are not available here, because ", name(illustrations.why(), 1000),
                      ".");
}

std::string availability(const Illustrations& illustrations) {
  if (!illustrations.kept().empty()) return name(illustrations.kept(), 3000);
  return illustrations.why().empty() ? "" : unavailable(illustrations);
}

void add_spectrogram(const Illustrations& illustrations, View view, const std::string& clip, ClipCard& card) {
  const Rendering* const rendering = illustrations.find(view, clip);
  if (rendering == nullptr) return;
  const bool is_mel = rendering->scale == "mel";
  card.pictures.push_back(
      {.title = is_mel ? "mel" : "Hertz",
       .description = absl::StrFormat(
           "Spectrogram of %s on a %s frequency axis over %.2f s, from %g to %g dB.", name(clip, 120),
           is_mel ? "mel" : "logarithmic", rendering->duration_s, rendering->min_db, rendering->max_db),
       .svg = spectrogram_svg(*rendering, absl::StrCat("g-", rendering->id))});
}

void add_waveform(const Illustrations& illustrations, const std::string& clip, ClipCard& card) {
  const Rendering* const rendering = illustrations.find(View::kWaveform, clip);
  if (rendering == nullptr) return;
  card.pictures.push_back(
      {.title = "waveform",
       .description = absl::StrFormat("Waveform of %s over %.2f s; its peak is at %.2f of full scale.",
                                      name(clip, 120), rendering->duration_s, loudest(*rendering)),
       .svg = waveform_svg(*rendering)});
}

void add_sound(const Illustrations& illustrations, const std::string& clip, ClipCard& card) {
  const Rendering* const sound = illustrations.find(View::kSound, clip);
  if (sound == nullptr) return;
  card.sound = Sound{.title = absl::StrCat("Sound of ", name(clip, 120)),
                     .media_type = sound->media_type,
                     .bytes = sound->bytes};
  if (sound->cut_at_s > 0.0 && sound->duration_s > sound->cut_at_s + 0.05) {
    card.facts.emplace_back("sound",
                            absl::StrFormat("the first %g s of %.2f s", sound->cut_at_s, sound->duration_s));
  }
}

void add_error(const Illustrations& illustrations, const std::string& clip, ClipCard& card) {
  if (std::string error = illustrations.error_of(clip); !error.empty()) {
    card.facts.emplace_back("not available", name(error, 400));
  }
}

}  // namespace melsweep::report
