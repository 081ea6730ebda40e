#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/statistics.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

constexpr std::size_t kMostRows = 200;

constexpr char kIntervals[] =
    "Intervals of a proportion are Wilson's, at 95 %, and take clips for independent. Comparisons of "
    "settings are of the same clips and draw whole recordings. What was chosen on validation clips is "
    "flattered by them; the test part is there for one look at the end.";

std::string folds_text(const std::vector<int>& folds) {
  std::vector<std::string> words;
  words.reserve(folds.size());
  for (const int fold : folds) words.push_back(absl::StrCat(fold));
  return listed(words);
}

std::string split_text(const SweepStory& sweep) {
  const SplitSpec& split = sweep.spec.dataset.split;
  std::string text;
  if (split.by == SplitBy::kFold && split.cross_validation) {
    text = absl::StrCat("Folds ", folds_text(sweep.data.validation_folds), " validate in turn");
  } else if (split.by == SplitBy::kFold) {
    text = absl::StrCat("Fold ", folds_text(split.validation_folds), " validates");
  } else {
    text =
        absl::StrCat(split.by == SplitBy::kGroup ? "Whole recordings" : "Clips",
                     " were drawn at random, a part of ", measured(split.validation_fraction),
                     " to validate and ", measured(split.test_fraction), " to test, with seed ", split.seed);
  }
  if (split.by == SplitBy::kFold) {
    absl::StrAppend(&text, split.test_folds.empty()
                               ? "; there is no test part"
                               : absl::StrCat("; fold ", folds_text(split.test_folds), " is the test part"));
  }
  if (sweep.spec.train_on == TrainOn::kTrainingAndValidation) {
    absl::StrAppend(&text,
                    "; the validation clips were trained on too, as nothing was chosen by them any more");
  }
  return text;
}

std::string leakage_text(const SweepStory& sweep) {
  if (!sweep.data.known) return "not known yet";
  if (sweep.data.recordings_split == 0) {
    return absl::StrCat("none of ", counted(sweep.data.recordings, "recording"), " has clips in two parts");
  }
  return absl::StrCat(counted(sweep.data.recordings_split), " of ", counted(sweep.data.recordings),
                      " recordings have clips in more than one part: accuracies are too good");
}

DataTable splits_table(const results::Story& story) {
  DataTable table{.key = "splits",
                  .caption = "How the data was split",
                  .columns = {"sweep", "split", "leakage", "evaluated on"},
                  .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    table.rows.push_back({count_cell(sweep.summary.id.value), text_cell(split_text(sweep)),
                          text_cell(leakage_text(sweep)),
                          text_cell(sweep.spec.evaluate == Split::kTest ? "test" : "validation")});
  }
  return table;
}

// Of all data of the story; sweeps on the same data have the same ones.
DataTable reads_table(const results::Story& story) {
  DataTable table{.key = "test-reads",
                  .caption = "Looks at the test part, of this data, in this database",
                  .columns = {"look", "sweep", "name", "trial", "at"},
                  .rows = {}};
  std::vector<std::string> told;
  for (const SweepStory& sweep : story.sweeps) {
    if (std::ranges::find(told, sweep.data.content_hash) != told.end()) continue;
    told.push_back(sweep.data.content_hash);
    for (const results::TestRead& read : sweep.data.test_reads) {
      if (table.rows.size() == kMostRows) break;
      table.rows.push_back({count_cell(read.look), count_cell(read.sweep_id), text_cell(name(read.sweep)),
                            count_cell(read.trial), text_cell(name(read.read_at))});
    }
  }
  return table;
}

DataTable skipped_table(const results::Story& story) {
  DataTable table{
      .key = "skipped", .caption = "Clips that were left out", .columns = {"clip", "why"}, .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    if (!table.rows.empty()) break;
    for (const results::SkippedClip& clip : sweep.data.skipped) {
      if (table.rows.size() == kMostRows) break;
      table.rows.push_back({text_cell(name(clip.clip, 200)), text_cell(name(clip.reason, 400))});
    }
  }
  return table;
}

}  // namespace

Section honesty_section(const results::Story& story) {
  Section section{
      .id = "honesty", .title = "How far to believe it", .finding = honesty_finding(story), .blocks = {}};
  section.blocks.emplace_back(splits_table(story));
  DataTable reads = reads_table(story);
  if (!reads.rows.empty()) section.blocks.emplace_back(std::move(reads));
  DataTable skipped = skipped_table(story);
  if (!skipped.rows.empty()) section.blocks.emplace_back(std::move(skipped));
  section.blocks.push_back(paragraph(kIntervals));
  return section;
}

}  // namespace melsweep::report
