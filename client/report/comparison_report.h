// A report of two sweeps, or studies, side by side.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/report/comparison.h"
#include "client/report/document.h"
#include "client/report/illustrations.h"
#include "client/report/sections.h"

namespace melsweep::report {

// Clips of each list that have a picture and a sound in the file; the table has all.
inline constexpr std::size_t kMostContrasts = 24;

// What there is to see and hear of the contrasted clips: as A's settings have it, and where B's features are
// others, or A's are not there, as B's do.
struct ComparisonIllustrations {
  Illustrations a;
  Illustrations b;
};

// Of the clips that only one is right about, those that are shown.
std::vector<Wanted> contrasted_views(const Comparison& comparison);

// Whether both have the same picture of a clip.
bool has_same_features(const Comparison& comparison);

// Makes them. `data_a`, `data_b`: the folders of the data sets.
ComparisonIllustrations illustrate(const Comparison& comparison, const std::filesystem::path& data_a,
                                   const std::filesystem::path& data_b, Renderer& renderer,
                                   const ArtifactPlaces& places);

Document make_comparison(const Comparison& comparison, const ComparisonIllustrations& illustrations,
                         const Circumstances& circumstances);

// What the best settings differ in. Both have a result.
Section differences_section(const Comparison& comparison);

// Precision, recall and F1 of both. Both were evaluated.
Section class_contrasts_section(const Comparison& comparison);

// The clips that each gets right and the other wrong. The comparison has clips in common.
Section contrast_section(const Comparison& comparison, const ComparisonIllustrations& illustrations);

}  // namespace melsweep::report
