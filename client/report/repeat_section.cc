#include <set>

#include "absl/strings/str_cat.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

void add_once(const std::string& what, const std::string& value, DataTable& table) {
  for (const std::vector<Cell>& row : table.rows) {
    if (row[0].text == what && row[1].text == value) return;
  }
  table.rows.push_back({text_cell(what), text_cell(value)});
}

std::string seeds_text(const results::Story& story) {
  std::set<std::uint64_t> seeds;
  for (const SweepStory& sweep : story.sweeps) {
    for (const results::TrialSummary& trial : sweep.trials) seeds.insert(trial.seed);
  }
  std::vector<std::string> words;
  for (const std::uint64_t seed : seeds) {
    if (words.size() == 20) return absl::StrCat(listed(words), ", ... (", seeds.size(), " in all)");
    words.push_back(absl::StrCat(seed));
  }
  return listed(words);
}

std::string commands(const results::Story& story, const Circumstances& circumstances) {
  const SweepStory& first = story.sweeps.front();
  const std::string which =
      story.study.empty() ? absl::StrCat(first.summary.id.value) : quoted(name(story.study, 400));
  const std::string database = quoted(circumstances.database);
  return absl::StrCat(
      "# the sweep file is below; save it as sweep.yaml\nmelsweep run sweep.yaml --db repeated.db\n",
      "melsweep report last --db repeated.db -o repeated.html\n\n# this report again\n", "melsweep report ",
      which, " --db ", database, " -o report.html\n\n", "# whether the record is whole\nmelsweep verify ",
      first.summary.id.value, " --db ", database, "\n");
}

}  // namespace

DataTable ingredients(const results::Story& story, const Circumstances& circumstances) {
  DataTable table{
      .key = "ingredients", .caption = "What it was made of", .columns = {"what", "which"}, .rows = {}};
  add_once("this report made by", absl::StrCat("melsweep ", circumstances.version), table);
  add_once("this report made at", circumstances.made_at, table);
  add_once("schema of the database", absl::StrCat("version ", story.schema_version), table);
  for (const SweepStory& sweep : story.sweeps) {
    add_once("trainer", name(sweep.data.trainer, 200), table);
    add_once("data set", name(sweep.spec.dataset.path, 400), table);
    add_once("SHA-256 of the data", name(sweep.data.content_hash, 100), table);
    for (const auto& [weights, hash] : sweep.data.weights) {
      add_once("weights", name(weights, 400), table);
      add_once("SHA-256 of the weights", name(hash, 100), table);
    }
  }
  add_once("seeds", seeds_text(story), table);
  return table;
}

std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char byte : text) {
    if (byte == '\'') {
      quoted += "'\\''";
    } else {
      quoted += byte;
    }
  }
  return quoted + "'";
}

Section repeat_section(const results::Story& story, const Circumstances& circumstances) {
  const SweepStory& first = story.sweeps.front();
  Section section{.id = "repeat", .title = "Doing it again", .finding = "", .blocks = {}};
  section.finding = first.data.known
                        ? absl::StrCat("The same file, data (", first.data.content_hash.substr(0, 12),
                                       "...), weights and seeds give "
                                       "the same numbers, up to the rounding of another kind of processor.")
                        : "No worker has looked at the data yet, so that it has no hash.";
  section.blocks.emplace_back(ingredients(story, circumstances));
  section.blocks.emplace_back(Listing{.caption = "Commands", .text = commands(story, circumstances)});
  section.blocks.emplace_back(Listing{.caption = "The sweep file", .text = first.yaml, .folded = true});
  return section;
}

}  // namespace melsweep::report
