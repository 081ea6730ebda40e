// The problems of one sweep file while it is being read.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/spec/sweep_yaml.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

class ProblemList {
 public:
  // sources[0] is the file's name, the others name the overrides.
  explicit ProblemList(std::vector<std::string> sources);

  // `path` is what the problem is about. Of problems with the same words at the same place one is shown.
  void add(const Path& path, Place place, std::string message, std::string hint = "");

  // Whether something is wrong at this path, below it or above it, so that checks which read it have no
  // ground.
  bool touches(const Path& path) const;

  // Whether something is wrong at exactly this path.
  bool has(const Path& path) const;

  bool empty() const { return entries_.empty(); }

  // Takes over the problems of another list, which has the same sources.
  void append(const ProblemList& other);

  // In the order of the file, then of the overrides.
  std::vector<Problem> sorted() const;

 private:
  struct Entry {
    Path path;
    Place place;
    std::string message;
    std::string hint;
  };

  std::vector<std::string> sources_;
  std::vector<Entry> entries_;
};

// "did you mean 'steps'?": where one of the choices is a likely misspelling of `word`; else empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& choices);

}  // namespace melsweep::spec
