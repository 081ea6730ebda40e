#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/report/chart_data.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/statistics.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

// A sweep with what its best setting said, which a section tells of.
struct Told {
  const SweepStory* sweep;
  PooledEvaluation evaluation;

  std::string key(const char* what) const { return absl::StrCat(what, "-", sweep->summary.id.value); }
  std::string text() const {
    return absl::StrCat(sweep_text(sweep->summary), ", ", pooled_text(evaluation), ", ",
                        counted(evaluation.predictions), " ", evaluation.split, " clips");
  }
};

// The decisive sweep; where that is a final training, the sweep that it took its settings from too.
std::vector<Told> told_of(const results::Story& story) {
  std::vector<Told> told;
  const SweepStory* const decisive = decisive_sweep(story);
  if (decisive == nullptr) return told;
  const auto add = [&told](const SweepStory& sweep) {
    if (std::optional<PooledEvaluation> evaluation = pool(sweep))
      told.push_back({&sweep, *std::move(evaluation)});
  };
  add(*decisive);
  for (const SweepStory& sweep : story.sweeps) {
    const bool is_source = std::ranges::any_of(decisive->takings, [&](const results::StoryTaking& taking) {
      return taking.from_sweep_id == sweep.summary.id.value;
    });
    if (is_source && decisive->spec.evaluate == Split::kTest) add(sweep);
  }
  return told;
}

Chart classes_chart(const Told& told) {
  BarChart bars{.x_title = "F1", .categories = {}, .series = {{.name = "F1", .values = {}}}};
  DataTable table{.key = told.key("classes"),
                  .caption = absl::StrCat("Per class: ", told.text()),
                  .columns = {"class", "precision", "recall", "F1", "support", "recall, 95 % interval"},
                  .rows = {}};
  for (std::size_t i = 0; i < told.evaluation.classes.size(); ++i) {
    const ClassMetrics& metrics = told.evaluation.classes[i];
    bars.categories.push_back(name(metrics.class_name, 40));
    bars.series.front().values.push_back(metrics.f1);
    const Interval recall = wilson_interval(told.evaluation.confusion[i][i], metrics.support);
    table.rows.push_back({text_cell(name(metrics.class_name, 200)), measured_cell(metrics.precision),
                          measured_cell(metrics.recall), measured_cell(metrics.f1),
                          count_cell(metrics.support),
                          text_cell(absl::StrCat(measured(recall.low), " to ", measured(recall.high)))});
  }
  return {
      .title = absl::StrCat("F1 per class, ", told.evaluation.split),
      .description = absl::StrCat("Bars of the F1 score of each class. ", classes_finding(told.evaluation)),
      .data = to_data(bars),
      .height = std::clamp(60 + 24 * static_cast<int>(bars.categories.size()), 140, 1600),
      .table = std::move(table)};
}

// `normalised`: of the clips of the true class.
Chart confusion_chart(const Told& told, bool normalised) {
  const PooledEvaluation& evaluation = told.evaluation;
  HeatMap map{.x_title = "taken for",
              .x_categories = {},
              .y_title = "true class",
              .y_categories = {},
              .from_top = true,
              .cells = {}};
  DataTable table{
      .key = told.key(normalised ? "confusion-normalised" : "confusion"),
      .caption = absl::StrCat(normalised ? "Fractions of the true class" : "Clips", ": ", told.text()),
      .columns = {"true class \\ taken for"},
      .rows = {}};
  for (const ClassMetrics& metrics : evaluation.classes) {
    map.x_categories.push_back(name(metrics.class_name, 40));
    table.columns.push_back(name(metrics.class_name, 200));
  }
  map.y_categories = map.x_categories;
  for (std::size_t truth = 0; truth < evaluation.classes.size(); ++truth) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.push_back(text_cell(table.columns[truth + 1]));
    const auto support = static_cast<double>(evaluation.classes[truth].support);
    for (std::size_t said = 0; said < evaluation.classes.size(); ++said) {
      const std::int64_t clips = evaluation.confusion[truth][said];
      const double fraction = support > 0.0 ? static_cast<double>(clips) / support : std::nan("");
      row.push_back(normalised ? measured_cell(fraction) : count_cell(clips));
      if (normalised && support == 0.0) continue;
      const double value = normalised ? fraction : static_cast<double>(clips);
      const std::string text = value == 0.0 ? "" : normalised ? fixed(value, 2) : counted(clips);
      map.cells.push_back(
          {.x = static_cast<int>(said), .y = static_cast<int>(truth), .value = value, .text = text});
    }
  }
  return {.title =
              absl::StrCat("Confusion matrix, ", normalised ? "normalised" : "clips", ", ", evaluation.split),
          .description = absl::StrCat("A matrix of the true classes and what their clips were taken for. ",
                                      confusion_finding(evaluation)),
          .data = to_data(map),
          .height = std::clamp(190 + 34 * static_cast<int>(map.y_categories.size()), 260, 1600),
          .table = std::move(table)};
}

}  // namespace

std::optional<Section> classes_section(const results::Story& story) {
  const std::vector<Told> told = told_of(story);
  if (told.empty()) return std::nullopt;
  Section section{.id = "classes",
                  .title = "Class by class",
                  .finding = classes_finding(told.front().evaluation),
                  .blocks = {}};
  for (const Told& one : told) {
    if (told.size() > 1) section.blocks.emplace_back(Heading{absl::StrCat("On ", one.text())});
    section.blocks.emplace_back(classes_chart(one));
  }
  return section;
}

std::optional<Section> confusion_section(const results::Story& story) {
  const std::vector<Told> told = told_of(story);
  if (told.empty()) return std::nullopt;
  Section section{.id = "confusion",
                  .title = "What is taken for what",
                  .finding = confusion_finding(told.front().evaluation),
                  .blocks = {}};
  section.blocks.emplace_back(confusion_chart(told.front(), false));
  section.blocks.emplace_back(confusion_chart(told.front(), true));
  return section;
}

}  // namespace melsweep::report
