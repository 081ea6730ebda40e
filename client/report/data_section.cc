#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/report/chart_data.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::ClassCounts;
using results::SweepStory;

bool has_channels(const TrainingSettings& training) {
  return std::ranges::find(training.augmentation, Augmentation::kChannels) != training.augmentation.end();
}

// Whether a trial of the sweep learned from three pictures of a stereo clip.
bool is_augmented(const SweepStory& sweep) {
  if (has_channels(sweep.spec.base.training)) return true;
  for (const ParameterAxis& axis : sweep.spec.parameters) {
    if (axis.path != "training.augmentation") continue;
    for (const ParameterValue& value : axis.values) {
      if (to_text(value).find("channels") != std::string::npos) return true;
    }
  }
  return false;
}

// Pictures to learn from: a stereo clip gives three.
std::int64_t augmented(const ClassCounts& counts) {
  return counts.train + 2 * counts.train_stereo;
}

std::string augmentation_text(const SweepStory& sweep) {
  if (!is_augmented(sweep)) return "No trial learned from augmented clips by channels.";
  std::int64_t before = 0;
  std::int64_t after = 0;
  for (const ClassCounts& counts : sweep.data.classes) {
    before += counts.train;
    after += augmented(counts);
  }
  if (after == before) {
    return "Augmentation by channels adds nothing here: no training clip is stereo.";
  }
  return absl::StrCat("Augmentation by channels makes ", counted(after, "picture"), " of ", counted(before),
                      " training clips: a stereo clip gives its left, its right and their average.");
}

Chart counts_chart(const SweepStory& sweep) {
  const bool in_turn = !sweep.data.validation_folds.empty();
  const bool with_pictures = is_augmented(sweep);
  BarChart bars{.x_title = "clips", .categories = {}, .series = {}};
  BarSeries train{.name = in_turn ? "training and validation in turn" : "training", .values = {}};
  BarSeries validation{.name = "validation", .values = {}};
  BarSeries test{.name = "test", .values = {}};
  BarSeries added{.name = "added by augmentation", .values = {}};
  DataTable table{.key = "class-counts", .caption = "Clips of each class", .columns = {}, .rows = {}};
  table.columns = {"class", train.name, "validation", "test", "stereo in training"};
  if (with_pictures) table.columns.emplace_back("training pictures after augmentation");
  for (const ClassCounts& counts : sweep.data.classes) {
    bars.categories.push_back(name(counts.class_name, 40));
    train.values.push_back(static_cast<double>(counts.train));
    validation.values.push_back(static_cast<double>(counts.validation));
    test.values.push_back(static_cast<double>(counts.test));
    added.values.push_back(static_cast<double>(augmented(counts) - counts.train));
    table.rows.push_back({text_cell(name(counts.class_name, 200)), count_cell(counts.train),
                          count_cell(counts.validation), count_cell(counts.test),
                          count_cell(counts.train_stereo)});
    if (with_pictures) table.rows.back().push_back(count_cell(augmented(counts)));
  }
  bars.series.push_back(std::move(train));
  if (!in_turn) bars.series.push_back(std::move(validation));
  if (std::ranges::any_of(test.values, [](double count) { return count > 0.0; })) {
    bars.series.push_back(std::move(test));
  }
  if (with_pictures) bars.series.push_back(std::move(added));
  const int height = std::clamp(60 + 28 * static_cast<int>(bars.categories.size()), 140, 1600);
  return {.title = "Clips per class",
          .description = absl::StrCat("Bars of the number of clips of each class by part of the data. ",
                                      data_finding(sweep.data)),
          .data = to_data(bars),
          .height = height,
          .table = std::move(table)};
}

}  // namespace

Section data_section(const SweepStory& sweep) {
  Section section{.id = "data", .title = "The data", .finding = data_finding(sweep.data), .blocks = {}};
  if (!sweep.data.known) return section;
  section.blocks.emplace_back(Paragraph{augmentation_text(sweep)});
  section.blocks.emplace_back(counts_chart(sweep));
  return section;
}

}  // namespace melsweep::report
