#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/report/curve_chart.h"
#include "client/report/curves.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

constexpr std::size_t kLines = 6;  // as many as there are colours

// One parameter is named with its value; of several the values alone, so that the names stay short.
std::string line_name(const SweepStory& sweep, std::size_t place, const char* split) {
  if (sweep.cells.size() == 1) return split;
  const std::vector<Parameter>& parameters = sweep.cells[place].summary.parameters;
  if (parameters.size() == 1) return absl::StrCat(parameters_text(parameters), ", ", split);
  std::string values;
  for (const Parameter& parameter : parameters)
    absl::StrAppend(&values, name(to_text(parameter.value)), ", ");
  return values + split;
}

// What the values are of, where the lines' names do not say it.
std::string names_of_values(const SweepStory& sweep) {
  std::vector<std::string> names;
  for (const Parameter& parameter : sweep.cells.front().summary.parameters)
    names.push_back(name(parameter.name));
  return sweep.cells.size() == 1 || names.size() == 1 ? "" : listed(names);
}

// Validation of the first cells, and of the best one training beside it.
std::vector<Line> lines_of(const SweepStory& sweep, const std::string& measure) {
  std::vector<Line> lines;
  for (std::size_t place = 0; place < sweep.cells.size() && place < kLines; ++place) {
    for (const char* split : {"validation", "train"}) {
      const bool is_training = split == std::string_view("train");
      if (is_training && place > 0 && sweep.cells.size() > 3) continue;
      Curve curve = mean_curve(sweep, sweep.cells[place], absl::StrCat(split, "/", measure));
      if (curve.size() < 2) continue;
      lines.push_back({.name = line_name(sweep, place, is_training ? "training" : split),
                       .points = std::move(curve),
                       .style = static_cast<int>(place),
                       .is_dashed = is_training});
    }
  }
  return lines;
}

std::vector<Mark> marks_of(const SweepStory& sweep, const std::string& measure) {
  const Curve curve = mean_curve(sweep, sweep.cells.front(), absl::StrCat("validation/", measure));
  const auto plateau = measure == "loss" ? loss_plateau(curve) : accuracy_plateau(curve);
  if (!plateau || plateau->step == plateau->last_step) return {};
  return {{.x = plateau->step, .label = absl::StrCat("plateau from ", counted(std::llround(plateau->step)))}};
}

void add_chart(const SweepStory& sweep, const std::string& measure, std::vector<Block>& blocks) {
  std::vector<Line> lines = lines_of(sweep, measure);
  if (lines.empty()) return;
  blocks.emplace_back(
      curve_chart({.measure = measure,
                   .key = absl::StrCat("curves-", measure, "-", sweep.summary.id.value),
                   .of = sweep_text(sweep.summary),
                   .description = absl::StrCat(
                       "Lines of ", measure,
                       " over the training steps, validation whole, training dashed, for the first ",
                       std::min(kLines, sweep.cells.size()), " settings. ", curves_finding(sweep)),
                   .lines = std::move(lines),
                   .marks = marks_of(sweep, measure),
                   .by = names_of_values(sweep)}));
}

}  // namespace

std::vector<Block> curve_blocks(const SweepStory& sweep) {
  if (sweep.cells.empty()) return {};
  std::vector<Block> charts;
  add_chart(sweep, "accuracy", charts);
  add_chart(sweep, "loss", charts);
  if (charts.empty()) return {};
  std::vector<Block> blocks;
  blocks.emplace_back(Heading{"Learning curves"});
  if (const std::string finding = curves_finding(sweep); !finding.empty()) {
    blocks.emplace_back(Paragraph{finding});
  }
  blocks.insert(blocks.end(), charts.begin(), charts.end());
  return blocks;
}

}  // namespace melsweep::report
