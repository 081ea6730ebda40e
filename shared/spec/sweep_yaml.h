// Sweep YAML -> SweepSpecs. The format is docs/sweep-yaml.md, its schema sweep.schema.json (compiled in).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "shared/model/sweep.h"

namespace melsweep::spec {

// One thing wrong with a sweep file. Line and column are 1-based; 0 where no place can be given.
struct Problem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;  // what is wrong
  std::string hint;     // what would be right; may be empty

  // "sweeps/grid.yaml:7:12: unknown key 'lerning_rate' (did you mean 'learning_rate'?)"
  std::string to_string() const;
};

// A replacement of one field, as given by --set path=value. Where the schema takes text the value is that
// text, without the blanks around it, unless it begins with a quote; any other value is read as YAML.
struct Override {
  std::string path;
  std::string value;
};

// "training.steps=100" -> {"training.steps", "100"}; a Problem where there is no '=' or no path.
std::variant<Override, Problem> parse_override(std::string_view text);

using StudyResult = std::variant<Study, std::vector<Problem>>;

// The sweeps of a file: one alone is a study that has its name, `final` is one more. Checks everything that
// can be known without the data: keys, types, ranges, what is not built yet, what sweeps take from each
// other, and that every cell of the search space is possible by itself, where it is known. All problems found
// are returned, in the file's order. `file` only names the source in problems.
StudyResult parse_study(std::string_view yaml, const std::string& file,
                        const std::vector<Override>& overrides = {});

// The same from a file on disk; a file that cannot be read, or is larger than 1 MiB, is a Problem.
StudyResult parse_study_file(const std::string& path, const std::vector<Override>& overrides = {});

// YAML that parses back to an equal study: what is sent to the coordinator, with overrides applied. No sweep
// must have taken over anything yet.
std::string to_yaml(const Study& study);

using ParseResult = std::variant<SweepSpec, std::vector<Problem>>;

// What to_yaml wrote of a sweep, taken at its word: a sweep that was once accepted is read again though the
// rules of parse_study have changed since. A Problem where a field cannot be read.
ParseResult parse_stored_sweep(std::string_view yaml, const std::string& source);

// One sweep as it stands, with what it has taken over: what the store keeps.
std::string to_yaml(const SweepSpec& sweep);

// The JSON Schema (draft 7) that editors and parse_study both use.
std::string_view sweep_schema();

}  // namespace melsweep::spec
