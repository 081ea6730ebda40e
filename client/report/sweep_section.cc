#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/report/effects.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

constexpr std::size_t kMostRows = 200;

void add_difference(const PairedDifference& difference, bool is_best, std::vector<Cell>& row) {
  if (is_best || difference.clips == 0) {
    row.insert(row.end(), {empty_cell(), text_cell(""), empty_cell(), empty_cell(),
                           text_cell(is_best ? "the\u00a0best" : "")});
    return;
  }
  const std::string interval =
      absl::StrCat(signed_fixed(difference.interval.low * 100.0, 1), "\u00a0to\u00a0",
                   signed_fixed(difference.interval.high * 100.0, 1));
  row.insert(row.end(), {points_cell(difference.mean), text_cell(interval), count_cell(difference.fixed),
                         count_cell(difference.broken), text_cell(difference.is_tie() ? "tie" : "worse")});
}

DataTable cells_table(const SweepStory& sweep, const std::vector<PairedDifference>& differences) {
  DataTable table{.key = absl::StrCat("cells-", sweep.summary.id.value),
                  .caption = "The settings, best first: means over folds and seeds",
                  .columns = {"rank"},
                  .rows = {}};
  for (const ParameterAxis& axis : sweep.spec.parameters) table.columns.push_back(name(axis.name));
  table.columns.insert(table.columns.end(), {metric_text(sweep.summary.objective_metric), "deviation",
                                             "lowest", "highest", "finished", "trials"});
  const bool are_compared = differences.size() > 1;
  if (are_compared) {
    table.columns.insert(table.columns.end(),
                         {"points to the best", "95 % interval", "clips fixed", "clips broken", "verdict"});
  }
  const auto optional = [](const std::optional<double>& value) {
    return value ? measured_cell(*value) : empty_cell();
  };
  for (std::size_t i = 0; i < std::min(kMostRows, sweep.cells.size()); ++i) {
    const results::CellSummary& cell = sweep.cells[i].summary;
    std::vector<Cell> row = {count_cell(cell.rank)};
    for (const ParameterAxis& axis : sweep.spec.parameters) {
      const auto value = value_of(sweep.cells[i], axis.name);
      row.push_back(value ? setting_cell(*value) : empty_cell());
    }
    row.insert(row.end(), {optional(cell.mean), optional(cell.deviation), optional(cell.lowest),
                           optional(cell.highest), count_cell(cell.finished), count_cell(cell.trials)});
    if (are_compared) {
      add_difference(i < differences.size() ? differences[i] : PairedDifference{}, i == 0, row);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

double last_metric(const results::TrialSummary& trial, const char* metric) {
  const auto point = std::ranges::find(trial.last_metrics, metric, &MetricPoint::name);
  return point == trial.last_metrics.end() ? std::nan("") : point->value;
}

// The finished ones, best first.
DataTable trials_table(const SweepStory& sweep) {
  std::vector<const results::TrialSummary*> trials;
  for (const results::TrialSummary& trial : sweep.trials) {
    if (trial.rank > 0) trials.push_back(&trial);
  }
  std::ranges::sort(trials, {}, &results::TrialSummary::rank);
  if (trials.size() > kMostRows) trials.resize(kMostRows);
  DataTable table{.key = absl::StrCat("trials-", sweep.summary.id.value),
                  .caption = absl::StrCat(counted(static_cast<std::int64_t>(trials.size()), "finished trial"),
                                          ", best first"),
                  .columns = {"rank", "trial", "setting", "seed", "fold", "objective", "validation accuracy",
                              "validation loss", "training accuracy", "training loss"},
                  .rows = {},
                  .folded = true};
  for (const results::TrialSummary* trial : trials) {
    table.rows.push_back({count_cell(trial->rank), count_cell(trial->number),
                          text_cell(parameters_text(trial->parameters)),
                          count_cell(static_cast<std::int64_t>(trial->seed)),
                          trial->validation_fold == 0 ? empty_cell() : count_cell(trial->validation_fold),
                          trial->objective ? measured_cell(*trial->objective) : empty_cell(),
                          measured_cell(last_metric(*trial, "validation/accuracy")),
                          measured_cell(last_metric(*trial, "validation/loss")),
                          measured_cell(last_metric(*trial, "train/accuracy")),
                          measured_cell(last_metric(*trial, "train/loss"))});
  }
  return table;
}

DataTable failures_table(const SweepStory& sweep) {
  DataTable table{.key = absl::StrCat("failures-", sweep.summary.id.value),
                  .caption = "Trials that failed",
                  .columns = {"trial", "setting", "why"},
                  .rows = {}};
  for (const results::TrialSummary& trial : sweep.trials) {
    if (trial.state != TrialState::kFailed || table.rows.size() == kMostRows) continue;
    table.rows.push_back({count_cell(trial.number), text_cell(parameters_text(trial.parameters)),
                          text_cell(name(trial.failure, 1000))});
  }
  return table;
}

std::string takings_text(const SweepStory& sweep) {
  std::vector<std::string> words;
  for (const results::StoryTaking& taking : sweep.takings) {
    if (taking.fields.empty()) continue;
    const std::string winner = taking.from_trial == 0 ? std::string(" (not known yet)")
                                                      : absl::StrCat(", trial ", taking.from_trial);
    words.push_back(absl::StrCat(name(taking.fields, 500), " from the winner of sweep ", taking.from_sweep_id,
                                 " '", name(taking.from_sweep), "'", winner));
  }
  return words.empty() ? "" : absl::StrCat("It takes ", listed(words), ".");
}

constexpr char kHowCompared[] =
    "The differences to the best are of the same clips, averaged over folds and seeds; the intervals, at "
    "95 %, are of a bootstrap over whole recordings. A setting whose interval reaches 0 is a tie: it cannot "
    "be told from the best. The best was chosen on these clips, so that its own accuracy flatters it a "
    "little; only a test part tells without that.";

}  // namespace

Section sweep_section(const SweepStory& sweep) {
  const std::vector<PairedDifference> differences = cell_differences(sweep);
  Section section{.id = absl::StrCat("sweep-", sweep.summary.id.value),
                  .title = absl::StrCat("Sweep ", sweep.summary.id.value, ": ", name(sweep.summary.name)),
                  .finding = sweep_finding(sweep, differences),
                  .blocks = {}};
  if (const std::string unfinished = unfinished_text(sweep.summary); !unfinished.empty()) {
    section.blocks.emplace_back(Notice{unfinished});
  }
  if (const std::string takings = takings_text(sweep); !takings.empty()) {
    section.blocks.emplace_back(Paragraph{takings});
  }
  for (Block& block : grid_blocks(sweep)) section.blocks.push_back(std::move(block));
  if (!sweep.cells.empty()) section.blocks.emplace_back(cells_table(sweep, differences));
  if (differences.size() > 1) section.blocks.push_back(paragraph(kHowCompared));
  for (Block& block : curve_blocks(sweep)) section.blocks.push_back(std::move(block));
  if (sweep.summary.trials_finished > 0) section.blocks.emplace_back(trials_table(sweep));
  if (sweep.summary.trials_failed > 0) section.blocks.emplace_back(failures_table(sweep));
  return section;
}

}  // namespace melsweep::report
