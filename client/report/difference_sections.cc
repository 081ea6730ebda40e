#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "client/report/chart_data.h"
#include "client/report/comparison_findings.h"
#include "client/report/comparison_report.h"
#include "client/report/flat_settings.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

std::string distinct(const SweepStory& sweep, bool of_seeds) {
  std::set<std::uint64_t> values;
  for (const results::TrialSummary& trial : sweep.trials) {
    const std::vector<std::int64_t>& best = sweep.cells.front().trials;
    if (std::ranges::find(best, trial.number) == best.end()) continue;
    values.insert(of_seeds ? trial.seed : static_cast<std::uint64_t>(trial.validation_fold));
  }
  std::vector<std::string> words;
  words.reserve(values.size());
  for (const std::uint64_t value : values) words.push_back(absl::StrCat(value));
  return listed(words);
}

// The settings of the best cell, and what else its results depend on.
std::map<std::string, std::string> everything_of(const SweepStory& sweep) {
  std::map<std::string, std::string> all = flat_settings(sweep.cells.front().settings);
  all["data (SHA-256)"] = sweep.data.content_hash;
  all["trainer"] = sweep.data.trainer;
  all["evaluated on"] = sweep.spec.evaluate == Split::kTest ? "test clips" : "validation clips";
  all["learned from"] = sweep.spec.train_on == TrainOn::kTrainingAndValidation
                            ? "training and validation clips"
                            : "training clips";
  all["seeds"] = distinct(sweep, /*of_seeds=*/true);
  if (!sweep.data.validation_folds.empty()) all["validation folds"] = distinct(sweep, /*of_seeds=*/false);
  for (const auto& [weights, hash] : sweep.data.weights) {
    if (weights == all["model.weights"]) all["weights (SHA-256)"] = hash;
  }
  return all;
}

std::vector<SettingPair> differences_of(const Comparison& comparison) {
  const auto a = everything_of(*comparison.a.sweep);
  const auto b = everything_of(*comparison.b.sweep);
  std::set<std::string> paths;
  for (const auto* side : {&a, &b}) {
    for (const auto& [path, value] : *side) paths.insert(path);
  }
  const auto value_in = [](const std::map<std::string, std::string>& all, const std::string& path) {
    const auto found = all.find(path);
    return found == all.end() ? std::string() : found->second;
  };
  std::vector<SettingPair> differences;
  for (const std::string& path : paths) {
    SettingPair pair{.path = path, .a = value_in(a, path), .b = value_in(b, path)};
    if (pair.a != pair.b) differences.push_back(std::move(pair));
  }
  return differences;
}

std::vector<ClassContrast> contrasts_of(const Comparison& comparison) {
  std::vector<ClassContrast> classes;
  for (const ClassMetrics& metrics : comparison.a.evaluation->classes) {
    classes.push_back({.class_name = metrics.class_name, .a = metrics, .b = {}});
  }
  for (const ClassMetrics& metrics : comparison.b.evaluation->classes) {
    const auto found = std::ranges::find(classes, metrics.class_name, &ClassContrast::class_name);
    if (found == classes.end()) {
      classes.push_back({.class_name = metrics.class_name, .a = {}, .b = metrics});
    } else {
      found->b = metrics;
    }
  }
  return classes;
}

DataTable classes_table(const Comparison& comparison, const std::vector<ClassContrast>& classes) {
  DataTable table{.key = "class-contrasts",
                  .caption = absl::StrCat("Per class: A on ", comparison.a.evaluation->split, " clips, ",
                                          pooled_text(*comparison.a.evaluation), "; B on ",
                                          comparison.b.evaluation->split, " clips, ",
                                          pooled_text(*comparison.b.evaluation)),
                  .columns = {"class", "F1, A", "F1, B", "F1, B less A", "precision, A", "precision, B",
                              "recall, A", "recall, B", "support, A", "support, B"},
                  .rows = {}};
  const auto number = [](const std::optional<ClassMetrics>& metrics, double ClassMetrics::*member) {
    return metrics ? measured_cell((*metrics).*member) : empty_cell();
  };
  for (const ClassContrast& contrast : classes) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row = {text_cell(name(contrast.class_name, 200)), number(contrast.a, &ClassMetrics::f1),
           number(contrast.b, &ClassMetrics::f1),
           contrast.has_both() ? change_cell(contrast.f1_gain()) : empty_cell()};
    for (double ClassMetrics::*member : {&ClassMetrics::precision, &ClassMetrics::recall}) {
      row.push_back(number(contrast.a, member));
      row.push_back(number(contrast.b, member));
    }
    row.push_back(contrast.a ? count_cell(contrast.a->support) : empty_cell());
    row.push_back(contrast.b ? count_cell(contrast.b->support) : empty_cell());
  }
  return table;
}

}  // namespace

Section differences_section(const Comparison& comparison) {
  const std::vector<SettingPair> differences = differences_of(comparison);
  Section section{.id = "differences",
                  .title = "What differs",
                  .finding = differences_finding(differences),
                  .blocks = {}};
  DataTable table{.key = "differences",
                  .caption = "What the best settings differ in",
                  .columns = {"setting", "A", "B"},
                  .rows = {}};
  for (const SettingPair& pair : differences) {
    table.rows.push_back(
        {text_cell(name(pair.path)), text_cell(name(pair.a, 400)), text_cell(name(pair.b, 400))});
  }
  if (!differences.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

Section class_contrasts_section(const Comparison& comparison) {
  const std::vector<ClassContrast> classes = contrasts_of(comparison);
  Section section{
      .id = "classes", .title = "Class by class", .finding = contrasts_finding(classes), .blocks = {}};
  BarChart bars{.x_title = "F1",
                .categories = {},
                .series = {{.name = "A", .values = {}}, {.name = "B", .values = {}}},
                .is_stacked = false};
  for (const ClassContrast& contrast : classes) {
    bars.categories.push_back(name(contrast.class_name, 40));
    bars.series[0].values.push_back(contrast.a ? contrast.a->f1 : 0.0);
    bars.series[1].values.push_back(contrast.b ? contrast.b->f1 : 0.0);
  }
  section.blocks.emplace_back(Chart{
      .title = "F1 per class",
      .description = absl::StrCat("Bars of the F1 score of each class, A's above B's. ", section.finding),
      .data = to_data(bars),
      .height = std::clamp(80 + 40 * static_cast<int>(classes.size()), 180, 1600),
      .table = classes_table(comparison, classes)});
  return section;
}

}  // namespace melsweep::report
