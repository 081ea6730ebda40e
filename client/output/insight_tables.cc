#include "client/output/insight_tables.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::output {
namespace {

using results::ValueEffect;

CellValue optional_cell(const std::optional<double>& value) {
  return value ? CellValue(*value) : CellValue();
}

CellValue text_cell(const std::string& text) {
  return text.empty() ? CellValue() : CellValue(text);
}

CellValue change_cell(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? CellValue(*b - *a) : CellValue();
}

Table pictures_table(const std::vector<results::ClassPictures>& pictures) {
  Table table({"augmentation", "class", "folds", "clips", "pictures"});
  for (const results::ClassPictures& of_class : pictures) {
    table.add_row({of_class.augmentation, of_class.class_name, std::int64_t{of_class.folds}, of_class.clips,
                   of_class.pictures});
  }
  return table;
}

// A row a class, and one of their sums; the pictures with each augmentation in a column of its own.
Table pictures_pivot(std::span<const results::ClassPictures> pictures) {
  const auto is_first = [&](const results::ClassPictures& other) {
    return other.augmentation == pictures.front().augmentation;
  };
  const auto classes = static_cast<std::size_t>(std::ranges::count_if(pictures, is_first));
  std::vector<std::string> columns = {"class", "clips"};
  for (std::size_t i = 0; i < pictures.size(); i += classes) columns.push_back(pictures[i].augmentation);
  Table table(columns);
  std::vector<std::int64_t> sums(columns.size() - 1, 0);
  for (std::size_t of_class = 0; of_class < classes; ++of_class) {
    std::vector<std::int64_t> counts = {pictures[of_class].clips};
    for (std::size_t i = of_class; i < pictures.size(); i += classes) counts.push_back(pictures[i].pictures);
    for (std::size_t i = 0; i < counts.size(); ++i) sums[i] += counts[i];
    std::vector<CellValue> row = {pictures[of_class].class_name};
    row.insert(row.end(), counts.begin(), counts.end());
    table.add_row(std::move(row));
  }
  std::vector<CellValue> row = {std::string("(all)")};
  row.insert(row.end(), sums.begin(), sums.end());
  table.add_row(std::move(row));
  return table;
}

void add_pictures(const std::vector<results::ClassPictures>& pictures, std::vector<Section>& sections) {
  const auto is_augmented = [](const results::ClassPictures& of_class) {
    return of_class.pictures != of_class.clips;
  };
  if (std::ranges::none_of(pictures, is_augmented)) return;
  const int folds = pictures.front().folds;
  const auto are_as_many = [&](const results::ClassPictures& of_class) { return of_class.folds == folds; };
  sections.push_back(
      {.key = "pictures",
       .title = absl::StrCat("Training clips and the pictures that each augmentation made of them",
                             folds > 1 ? ", all folds together" : ""),
       // Where one has finished on fewer folds, its clips are others too.
       .table =
           std::ranges::all_of(pictures, are_as_many) ? pictures_pivot(pictures) : pictures_table(pictures)});
}

Table effects_table(const std::vector<ValueEffect>& effects) {
  Table table({"parameter", "value", "class", "f1", "trials"});
  for (const ValueEffect& effect : effects) {
    table.add_row({effect.parameter, effect.value, text_cell(effect.class_name), effect.f1, effect.trials});
  }
  return table;
}

// The effects of one parameter on one class, a value each.
using ClassEffects = std::vector<ValueEffect>;

double gain(const ClassEffects& effects) {
  const auto [least, most] = std::ranges::minmax_element(effects, {}, &ValueEffect::f1);
  return most->f1 - least->f1;
}

// Those of one parameter by class, in the order given: the mean over the classes is the last.
std::vector<ClassEffects> by_class(std::span<const ValueEffect> effects) {
  std::vector<ClassEffects> classes;
  for (const ValueEffect& effect : effects) {
    if (classes.empty() || classes.back().front().class_name != effect.class_name) classes.emplace_back();
    classes.back().push_back(effect);
  }
  return classes;
}

Table pivot(std::vector<ClassEffects> classes) {
  std::vector<std::string> columns = {"class"};
  for (const ValueEffect& effect : classes.back()) columns.push_back(effect.value);
  columns.insert(columns.end(), {"best", "gain"});
  Table table(columns);
  std::stable_sort(classes.begin(), classes.end() - 1,
                   [](const ClassEffects& a, const ClassEffects& b) { return gain(a) > gain(b); });
  for (const ClassEffects& effects : classes) {
    std::vector<CellValue> row = {effects.front().class_name.empty() ? std::string("(mean)")
                                                                     : effects.front().class_name};
    for (const ValueEffect& effect : effects) row.emplace_back(effect.f1);
    const auto best = std::ranges::max_element(effects, {}, &ValueEffect::f1);
    row.emplace_back(gain(effects) > 0.0 ? CellValue(best->value) : CellValue());
    row.emplace_back(gain(effects));
    // A class that some values never met has fewer: the columns would not be theirs.
    if (row.size() == columns.size()) table.add_row(std::move(row));
  }
  return table;
}

void add_pivots(const std::vector<ValueEffect>& effects, std::vector<Section>& sections) {
  auto begin = effects.begin();
  while (begin != effects.end()) {
    const auto end = std::find_if(begin, effects.end(), [&](const ValueEffect& effect) {
      return effect.parameter != begin->parameter;
    });
    std::vector<ClassEffects> classes = by_class(std::span(begin, end));
    if (classes.back().size() > 1) {
      sections.push_back({.key = begin->parameter,
                          .title = absl::StrCat("F1 on validation clips by ", begin->parameter,
                                                ", the mean over all else (gain: best less worst)"),
                          .table = pivot(std::move(classes))});
    }
    begin = end;
  }
}

}  // namespace

std::vector<Section> comparison_sections(const results::RunComparison& comparison) {
  Table settings({"setting", "a", "b"});
  for (const auto& setting : comparison.settings) {
    settings.add_row({setting.path, text_cell(setting.a), text_cell(setting.b)});
  }
  Table metrics({"metric", "a", "b", "change"});
  for (const auto& metric : comparison.metrics) {
    metrics.add_row(
        {metric.metric, optional_cell(metric.a), optional_cell(metric.b), change_cell(metric.a, metric.b)});
  }
  Table classes({"split", "class", "f1_a", "f1_b", "change", "support"});
  for (const auto& pair : comparison.classes) {
    classes.add_row({pair.split, pair.class_name, pair.a_f1, pair.b_f1, pair.b_f1 - pair.a_f1, pair.support});
  }
  Table clips(
      {"verdict", "split", "clip", "true_class", "a", "b", "true_probability_a", "true_probability_b"});
  for (const auto& pair : comparison.clips) {
    clips.add_row({results::to_text(pair.verdict), pair.split, pair.clip, pair.true_class, pair.a_class,
                   pair.b_class, pair.a_probability, pair.b_probability});
  }
  return {{.key = "settings", .title = "What they differ in", .table = std::move(settings)},
          {.key = "metrics", .title = "Metrics after the last step", .table = std::move(metrics)},
          {.key = "classes", .title = "F1 of each class", .table = std::move(classes)},
          {.key = "clips", .title = "Clips that one of them or both got wrong", .table = std::move(clips)}};
}

std::vector<Section> explanation_sections(const results::SweepExplanation& explanation, OutputFormat format) {
  std::vector<Section> sections;
  if (format == OutputFormat::kJson) {
    sections.push_back({.key = "effects", .title = "", .table = effects_table(explanation.effects)});
  } else {
    add_pivots(explanation.effects, sections);
  }
  Table clips(
      {"clip", "true_class", "mostly_taken_for", "wrong", "trials", "true_probability", "taken_probability"});
  for (const results::HardClip& clip : explanation.hard_clips) {
    clips.add_row({clip.clip, clip.true_class, clip.mostly_taken_for, clip.wrong, clip.trials,
                   clip.mean_true_probability, clip.mean_taken_probability});
  }
  sections.push_back(
      {.key = "hard_clips",
       .title = "Clips that almost every trial got wrong: listen whether their labels are right",
       .table = std::move(clips)});
  Table duplicates({"found"});
  for (const std::string& found : explanation.duplicates_across_splits) duplicates.add_row({found});
  sections.push_back({.key = "duplicates_across_splits",
                      .title = "Duplicates across splits: one sound on both sides flatters every trial",
                      .table = std::move(duplicates)});
  if (format == OutputFormat::kJson) {
    sections.push_back({.key = "pictures", .title = "", .table = pictures_table(explanation.pictures)});
  } else {
    add_pictures(explanation.pictures, sections);
  }
  return sections;
}

}  // namespace melsweep::output
