// The manual pages of a program, made of its verbs and options as they are defined: what --help says, in
// full.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace melsweep::manual {

// A word and what it means: an exit code, a file, a page.
struct Entry {
  std::string term;
  std::string meaning;
};

struct ManPage {
  std::string file;  // "melsweep-run.1"
  std::string text;
};

// What a program's definitions do not say.
struct Manual {
  std::string version;
  std::string date;  // of the version: 2027-01-31
  std::vector<Entry> exit_codes{};
  std::vector<Entry> files{};
  std::vector<std::string> see_also{};  // "melsweep-worker(1)"
  bool has_page_for_each_verb = false;  // else one page says all
  std::vector<ManPage> more{};          // that come with the program's own
};

// `app` has a name; so have its verbs.
std::vector<ManPage> man_pages(const CLI::App& app, const Manual& manual);

// Adds the option --man-pages DIR, which --help and completion do not name: writes the pages into the folder,
// and ends the program; `manual` is asked only then. What cannot be written is a CLI::ParseError.
void add_man_pages_option(CLI::App& app, std::function<Manual()> manual);

}  // namespace melsweep::manual
