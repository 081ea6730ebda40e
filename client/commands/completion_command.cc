#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/commands/verbs.h"
#include "client/completion/candidates.h"
#include "client/completion/shell_scripts.h"
#include "client/output/terminal.h"
#include "shared/files/places.h"
#include "shared/results/database_results.h"
#include "shared/spec/names.h"

namespace melsweep::commands {
namespace {

using completion::Candidate;

// The database that the words name, else the one that is read where none is named.
std::string database_of(std::span<const std::string> words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "--db") return words[i + 1];
  }
  return files::default_database().string();
}

// Nothing where there is no database: whoever presses a key does not want to read an error.
std::vector<Candidate> sweeps_of(std::span<const std::string> words) {
  const auto results = results::open_database(database_of(words));
  if (!results.ok()) return {};
  const auto sweeps = (*results)->sweeps();
  if (!sweeps.ok()) return {};
  std::vector<Candidate> candidates{{"last", "the newest sweep"}};
  for (const results::SweepSummary& sweep : *sweeps) {
    candidates.push_back(
        {sweep.name, absl::StrCat("sweep ", sweep.id.value, ", ", std::string(spec::name_of(sweep.state)))});
  }
  return candidates;
}

std::string one_line(const std::string& text) {
  return absl::StrReplaceAll(output::printable(text), {{"\t", " "}, {"\n", " "}});
}

void print_words(const CLI::App& app, const std::vector<std::string>& words) {
  const completion::Candidates found = completion::candidates_for(app, words, sweeps_of);
  for (const Candidate& word : found.words) {
    std::cout << one_line(word.text) << "\t" << one_line(word.description) << "\n";
  }
  if (found.files) std::cout << completion::kFilesMark << "\n";
}

void add_script(CLI::App& verb, const std::string& name, completion::Shell shell) {
  CLI::App* script = verb.add_subcommand(name, absl::StrCat("Print the script for ", name));
  script->callback([shell] { std::cout << completion::script_for(shell); });
}

}  // namespace

void add_completion_command(CLI::App& app, int&) {
  CLI::App* verb = app.add_subcommand(
      "completion",
      "Print a script that has your shell complete verbs, options and sweeps: bash, zsh or fish");
  verb->require_subcommand(1);
  verb->footer("For the shell that you are in: source <(melsweep completion bash)");
  add_script(*verb, "bash", completion::Shell::kBash);
  add_script(*verb, "zsh", completion::Shell::kZsh);
  add_script(*verb, "fish", completion::Shell::kFish);
  // What the scripts ask; of no use to people.
  CLI::App* words = verb->add_subcommand("words", "")->group("");
  auto typed = std::make_shared<std::vector<std::string>>();
  words->add_option("WORDS", *typed, "Those behind the program's name");
  words->callback([&app, typed] { print_words(app, *typed); });
}

}  // namespace melsweep::commands
