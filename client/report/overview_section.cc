#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/report/effects.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

std::string answer_of(const SweepStory& sweep) {
  if (sweep.cells.empty() || !sweep.cells.front().summary.mean) return unfinished_text(sweep.summary);
  return parameters_text(sweep.cells.front().summary.parameters);
}

DataTable answers(const results::Story& story) {
  DataTable table{.key = "answers",
                  .caption = "What each sweep asked, and what was best",
                  .columns = {"sweep", "name", "state", "tried", "best setting", "objective", "mean",
                              "deviation", "trials finished"},
                  .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    std::vector<std::string> tried;
    for (const ParameterAxis& axis : sweep.spec.parameters) tried.push_back(name(axis.name));
    const results::CellSummary best =
        sweep.cells.empty() ? results::CellSummary{} : sweep.cells.front().summary;
    table.rows.push_back(
        {count_cell(sweep.summary.id.value), text_cell(name(sweep.summary.name)),
         text_cell(sweep.summary.state == SweepState::kFinished ? "finished" : "not finished"),
         text_cell(tried.empty() ? "one setting" : listed(tried)), text_cell(answer_of(sweep)),
         text_cell(metric_text(sweep.summary.objective_metric)),
         best.mean ? measured_cell(*best.mean) : empty_cell(),
         best.deviation ? measured_cell(*best.deviation) : empty_cell(),
         count_cell(sweep.summary.trials_finished)});
  }
  return table;
}

// Each warning once, with the sweeps that it is of.
std::vector<Notice> warnings_of(const results::Story& story) {
  std::vector<std::string> texts;  // in the order of the sweeps
  std::map<std::string, std::vector<std::string>> of;
  for (const SweepStory& sweep : story.sweeps) {
    for (const std::string& warning : sweep.summary.warnings) {
      if (of[warning].empty()) texts.push_back(warning);
      of[warning].push_back(absl::StrCat(sweep.summary.id.value));
    }
  }
  std::vector<Notice> notices;
  for (const std::string& text : texts) {
    const std::vector<std::string>& sweeps = of[text];
    std::string whose;
    if (story.sweeps.size() > 1)
      whose = absl::StrCat(sweeps.size() == 1 ? "sweep " : "sweeps ", listed(sweeps), ": ");
    notices.push_back({absl::StrCat("Warning: ", whose, name(text, 1000))});
  }
  return notices;
}

}  // namespace

std::string sweep_text(const results::SweepSummary& sweep) {
  return absl::StrCat("sweep ", sweep.id.value, " '", name(sweep.name), "'");
}

Section overview_section(const results::Story& story) {
  Section section{.id = "overview", .title = "The answer", .finding = overview_finding(story), .blocks = {}};
  for (const SweepStory& sweep : story.sweeps) {
    const std::string unfinished = unfinished_text(sweep.summary);
    const std::string of = story.sweeps.size() > 1 ? absl::StrCat(sweep_text(sweep.summary), ": ") : "";
    if (!unfinished.empty()) section.blocks.emplace_back(Notice{absl::StrCat(of, unfinished)});
  }
  for (Notice& warning : warnings_of(story)) section.blocks.emplace_back(std::move(warning));
  section.blocks.emplace_back(answers(story));
  return section;
}

}  // namespace melsweep::report
