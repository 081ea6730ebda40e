#include "client/report/comparison_report.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "client/report/chart_data.h"
#include "client/report/comparison_findings.h"
#include "client/report/curve_chart.h"
#include "client/report/curves.h"
#include "client/report/findings.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

// Those of one side that are told of: the whole story where none has a result yet.
std::vector<const SweepStory*> told_sweeps(const Side& side) {
  if (side.sweep != nullptr) return {side.sweep};
  std::vector<const SweepStory*> sweeps;
  for (const SweepStory& sweep : side.story->sweeps) sweeps.push_back(&sweep);
  return sweeps;
}

// For the sections that tell of a story's sweeps.
results::Story both_told(const Comparison& comparison) {
  results::Story both;
  both.schema_version = comparison.a.story->schema_version;
  for (const Side* side : {&comparison.a, &comparison.b}) {
    for (const SweepStory* sweep : told_sweeps(*side)) both.sweeps.push_back(*sweep);
  }
  return both;
}

// A sweep that is in both once.
results::Story all_of_both(const Comparison& comparison) {
  results::Story both = *comparison.a.story;
  for (const SweepStory& sweep : comparison.b.story->sweeps) {
    const auto is_same = [&](const SweepStory& other) { return other.summary.id == sweep.summary.id; };
    if (std::ranges::none_of(both.sweeps, is_same)) both.sweeps.push_back(sweep);
  }
  return both;
}

DataTable sides_table(const Comparison& comparison) {
  DataTable table{.key = "sides",
                  .caption = "The two, and what was best in each",
                  .columns = {"side", "sweep", "name", "best setting", "settings", "trials finished",
                              "objective", "mean", "deviation", "evaluated clips", "right"},
                  .rows = {}};
  for (const Side* side : {&comparison.a, &comparison.b}) {
    for (const SweepStory* sweep : told_sweeps(*side)) {
      const results::CellSummary best =
          sweep->cells.empty() ? results::CellSummary{} : sweep->cells.front().summary;
      const std::optional<PooledEvaluation>& evaluation = side->evaluation;
      table.rows.push_back({text_cell(side->letter), count_cell(sweep->summary.id.value),
                            text_cell(name(sweep->summary.name)),
                            text_cell(best.mean ? parameters_text(best.parameters) : ""),
                            count_cell(static_cast<std::int64_t>(sweep->cells.size())),
                            count_cell(sweep->summary.trials_finished),
                            text_cell(metric_text(sweep->summary.objective_metric)),
                            best.mean ? measured_cell(*best.mean) : empty_cell(),
                            best.deviation ? measured_cell(*best.deviation) : empty_cell(),
                            evaluation ? count_cell(evaluation->predictions) : empty_cell(),
                            evaluation ? count_cell(evaluation->right) : empty_cell()});
    }
  }
  return table;
}

DataTable same_clips_table(const Comparison& comparison) {
  const PairedDifference& difference = comparison.difference;
  const auto of_both = [](std::int64_t count) {
    return std::vector<Cell>{count_cell(count), count_cell(count)};
  };
  DataTable table{.key = "same-clips",
                  .caption = "On the clips that both were evaluated on",
                  .columns = {"what", "A", "B", "B less A, points"},
                  .rows = {}};
  const auto add = [&table](const char* what, std::vector<Cell> cells) {
    cells.insert(cells.begin(), text_cell(what));
    table.rows.push_back(std::move(cells));
  };
  add("accuracy",
      {measured_cell(comparison.a_right), measured_cell(comparison.b_right), points_cell(difference.mean)});
  add("95 % interval of the difference, from",
      {empty_cell(), empty_cell(), points_cell(difference.interval.low)});
  add("95 % interval of the difference, to",
      {empty_cell(), empty_cell(), points_cell(difference.interval.high)});
  std::vector<Cell> clips = of_both(difference.clips);
  clips.push_back(empty_cell());
  add("clips in common", std::move(clips));
  add("clips that it alone is right about",
      {count_cell(difference.broken), count_cell(difference.fixed), empty_cell()});
  std::vector<Cell> wrong = of_both(comparison.both_wrong);
  wrong.push_back(empty_cell());
  add("clips that neither is right about", std::move(wrong));
  return table;
}

constexpr char kHowCompared[] =
    "A clip is the same where both data sets have the same sound file under its name. The interval is of the "
    "clips in common, averaged over folds and seeds, and of a bootstrap that draws whole recordings. Where "
    "it holds 0, or fewer than six recordings tell the two apart, they cannot be told apart. A setting that "
    "was chosen on validation clips is flattered by them; only a test part tells without that.";

Section answer_section(const Comparison& comparison) {
  Section section{
      .id = "answer", .title = "Which is better", .finding = comparison_finding(comparison), .blocks = {}};
  for (const Side* side : {&comparison.a, &comparison.b}) {
    for (const SweepStory* sweep : told_sweeps(*side)) {
      const std::string of = absl::StrCat(side->letter, ", ", sweep_text(sweep->summary), ": ");
      const std::string unfinished = unfinished_text(sweep->summary);
      if (!unfinished.empty()) section.blocks.emplace_back(Notice{absl::StrCat(of, unfinished)});
      for (const std::string& warning : sweep->summary.warnings) {
        section.blocks.emplace_back(Notice{absl::StrCat("Warning: ", of, name(warning, 1000))});
      }
    }
    if (side->sweep != nullptr && side->sweep != decisive_sweep(*side->story)) {
      section.blocks.push_back(paragraph(absl::StrCat(
          side->letter, "'s final training was evaluated on test clips and the other was not: ",
          sweep_text(side->sweep->summary), ", evaluated on validation clips too, is compared.")));
    }
  }
  section.blocks.emplace_back(sides_table(comparison));
  if (comparison.difference.clips > 0) section.blocks.emplace_back(same_clips_table(comparison));
  section.blocks.push_back(paragraph(kHowCompared));
  return section;
}

Section overlay_section(const Comparison& comparison) {
  Section section{
      .id = "curves", .title = "Learning curves", .finding = overlay_finding(comparison), .blocks = {}};
  for (const char* measure : {"accuracy", "loss"}) {
    Curves curves{
        .measure = measure,
        .key = absl::StrCat("overlay-", measure),
        .of = "the best settings of both",
        .description = absl::StrCat("Lines of ", measure,
                                    " over the training steps of both best settings, validation whole, "
                                    "training dashed. ",
                                    section.finding),
        .lines = {}};
    for (const Side* side : {&comparison.a, &comparison.b}) {
      for (const char* split : {"validation", "train"}) {
        const bool is_training = split == std::string_view("train");
        Curve curve = mean_curve(*side->sweep, side->sweep->cells.front(), absl::StrCat(split, "/", measure));
        if (curve.size() < 2) continue;
        curves.lines.push_back({.name = absl::StrCat(side->letter, ", ", is_training ? "training" : split),
                                .points = std::move(curve),
                                .style = side == &comparison.a ? 0 : 1,
                                .is_dashed = is_training});
      }
    }
    if (!curves.lines.empty()) section.blocks.emplace_back(curve_chart(std::move(curves)));
  }
  return section;
}

std::string cost_text(const Side& side, double price_per_hour) {
  double seconds = 0.0;
  for (const SweepStory& sweep : side.story->sweeps) seconds += worker_seconds(sweep);
  return absl::StrCat(side.letter, " ", fixed(seconds / 3600.0 * price_per_hour, 2));
}

Section times_section(const Comparison& comparison, double price_per_hour) {
  Section section{.id = "timing", .title = "Time", .finding = times_finding(comparison), .blocks = {}};
  if (price_per_hour > 0.0) {
    section.blocks.push_back(paragraph(absl::StrCat(
        "Cost, at ", price_per_hour, " an hour of a worker: ", cost_text(comparison.a, price_per_hour), ", ",
        cost_text(comparison.b, price_per_hour), ".")));
  }
  const results::Story both = all_of_both(comparison);
  for (Block& table : timing_tables(both)) section.blocks.push_back(std::move(table));
  for (Block& block : stage_blocks(both)) section.blocks.push_back(std::move(block));
  return section;
}

std::string word_for(const results::Story& story) {
  return story.study.empty() ? absl::StrCat(story.sweeps.front().summary.id.value)
                             : quoted(name(story.study, 400));
}

Section repeat_both_section(const Comparison& comparison, const Circumstances& circumstances) {
  const results::Story& a = *comparison.a.story;
  const results::Story& b = *comparison.b.story;
  const bool is_same_data = a.sweeps.front().data.content_hash == b.sweeps.front().data.content_hash;
  Section section{.id = "repeat", .title = "Doing it again", .finding = "", .blocks = {}};
  section.finding =
      absl::StrCat("Both sweep files are below; ",
                   is_same_data ? "both are of the same data." : "they are not of the same data.");
  section.blocks.emplace_back(ingredients(both_told(comparison), circumstances));
  const std::string database = quoted(circumstances.database);
  section.blocks.emplace_back(Listing{
      .caption = "Commands",
      .text = absl::StrCat("# this report again\nmelsweep report --compare ", word_for(a), " ", word_for(b),
                           " --db ", database, " -o comparison.html\n\n# each of them\nmelsweep report ",
                           word_for(a), " --db ", database, " -o a.html\nmelsweep report ", word_for(b),
                           " --db ", database, " -o b.html\n")});
  section.blocks.emplace_back(
      Listing{.caption = "A's sweep file", .text = a.sweeps.front().yaml, .folded = true});
  section.blocks.emplace_back(
      Listing{.caption = "B's sweep file", .text = b.sweeps.front().yaml, .folded = true});
  return section;
}

std::string title_of(const results::Story& story) {
  return name(story.study.empty() ? story.sweeps.front().summary.name : story.study, 120);
}

}  // namespace

Document make_comparison(const Comparison& comparison, const ComparisonIllustrations& illustrations,
                         const Circumstances& circumstances) {
  Document document{
      .title = absl::StrCat(title_of(*comparison.a.story), " and ", title_of(*comparison.b.story)),
      .subtitle = absl::StrCat(side_text(comparison.a), " and ", side_text(comparison.b), "; read at ",
                               circumstances.made_at, "."),
      .sections = {}};
  std::vector<Section>& sections = document.sections;
  sections.push_back(answer_section(comparison));
  const bool has_both = comparison.a.sweep != nullptr && comparison.b.sweep != nullptr;
  if (has_both) sections.push_back(differences_section(comparison));
  if (comparison.a.evaluation && comparison.b.evaluation)
    sections.push_back(class_contrasts_section(comparison));
  if (comparison.difference.clips > 0) sections.push_back(contrast_section(comparison, illustrations));
  if (has_both) sections.push_back(overlay_section(comparison));
  sections.push_back(times_section(comparison, circumstances.price_per_hour));
  sections.push_back(honesty_section(both_told(comparison)));
  sections.push_back(repeat_both_section(comparison, circumstances));
  return document;
}

}  // namespace melsweep::report
