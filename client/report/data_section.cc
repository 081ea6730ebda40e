#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/report/chart_data.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"
#include "shared/model/augmentation.h"
#include "shared/spec/names.h"

namespace melsweep::report {
namespace {

using results::ClassCounts;
using results::SweepStory;

using Augmentations = std::vector<Augmentation>;

// "channels+noise", as a parameter's value has them; what is none is left out.
Augmentations parse_augmentations(const std::string& text) {
  Augmentations parsed;
  for (const std::string& word : std::vector<std::string>(absl::StrSplit(text, '+'))) {
    if (const auto one = spec::parse_name<Augmentation>(word)) parsed.push_back(*one);
  }
  return parsed;
}

// Of all that the sweeps' trials learned with, that which makes most pictures of a clip.
Augmentations richest(const results::Story& story) {
  std::vector<Augmentations> tried;
  for (const SweepStory& sweep : story.sweeps) {
    tried.push_back(sweep.spec.base.training.augmentation);
    for (const ParameterAxis& axis : sweep.spec.parameters) {
      if (axis.path != "training.augmentation") continue;
      for (const ParameterValue& value : axis.values) tried.push_back(parse_augmentations(to_text(value)));
    }
  }
  return *std::ranges::max_element(tried, {},
                                   [](const Augmentations& one) { return training_pictures(2, one); });
}

// Pictures to learn from.
std::int64_t augmented(const ClassCounts& counts, const Augmentations& augmentation) {
  return (counts.train - counts.train_stereo) * training_pictures(1, augmentation) +
         counts.train_stereo * training_pictures(2, augmentation);
}

std::string augmentation_text(const SweepStory& sweep, const Augmentations& augmentation) {
  if (training_pictures(2, augmentation) == 1) return "No trial had more pictures to learn from than clips.";
  std::vector<std::string> names;
  for (const Augmentation one : augmentation) names.emplace_back(spec::name_of(one));
  std::int64_t before = 0;
  std::int64_t after = 0;
  for (const ClassCounts& counts : sweep.data.classes) {
    before += counts.train;
    after += augmented(counts, augmentation);
  }
  const std::string by = absl::StrCat("Augmentation by ", listed(names));
  if (after == before) return absl::StrCat(by, " adds nothing here: no training clip is stereo.");
  return absl::StrCat(by, " makes ", counted(after, "picture"), " to learn from of ", counted(before),
                      " training clips.");
}

Chart counts_chart(const SweepStory& sweep, const Augmentations& augmentation) {
  const bool in_turn = !sweep.data.validation_folds.empty();
  const bool with_pictures = training_pictures(2, augmentation) > 1;
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
    added.values.push_back(static_cast<double>(augmented(counts, augmentation) - counts.train));
    table.rows.push_back({text_cell(name(counts.class_name, 200)), count_cell(counts.train),
                          count_cell(counts.validation), count_cell(counts.test),
                          count_cell(counts.train_stereo)});
    if (with_pictures) table.rows.back().push_back(count_cell(augmented(counts, augmentation)));
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

Section data_section(const results::Story& story) {
  const SweepStory& sweep = story.sweeps.front();
  Section section{.id = "data", .title = "The data", .finding = data_finding(sweep.data), .blocks = {}};
  if (!sweep.data.known) return section;
  const Augmentations augmentation = richest(story);
  section.blocks.emplace_back(Paragraph{augmentation_text(sweep, augmentation)});
  section.blocks.emplace_back(counts_chart(sweep, augmentation));
  return section;
}

}  // namespace melsweep::report
