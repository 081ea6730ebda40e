// What a shell offers for the word that is being typed.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace melsweep::completion {

struct Candidate {
  std::string text;
  std::string description;  // one line; may be empty
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct Candidates {
  std::vector<Candidate> words;
  bool files = false;  // and the names of files
};

// The sweeps that the words so far can mean.
using SweepLister = std::function<std::vector<Candidate>(std::span<const std::string> words)>;

// `words`: those behind the program's name, the last of them the one that is being typed, which may be empty.
// Follows the verbs and options of `app` as they are defined: verbs, then options, their choices, sweeps
// where SWEEP is expected, and files.
Candidates candidates_for(const CLI::App& app, std::span<const std::string> words, const SweepLister& sweeps);

}  // namespace melsweep::completion
