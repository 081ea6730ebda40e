// What a comparison found, one sentence a section, of the data alone.
#pragma once

#include <string>
#include <vector>

#include "client/report/comparison.h"

namespace melsweep::report {

// A setting, or what else may differ, as both have it; empty where one has none.
struct SettingPair {
  std::string path;
  std::string a;
  std::string b;
};

// Per class on the clips that each was evaluated on; nothing where a side does not know the class.
struct ClassContrast {
  std::string class_name;
  std::optional<ClassMetrics> a;
  std::optional<ClassMetrics> b;

  bool has_both() const { return a && b; }
  double f1_gain() const { return b->f1 - a->f1; }  // of both alone
};

// Which is better, by how much, on the same clips; or why that cannot be told.
std::string comparison_finding(const Comparison& comparison);

std::string differences_finding(const std::vector<SettingPair>& differences);
std::string contrasts_finding(const std::vector<ClassContrast>& classes);
std::string clips_finding(const Comparison& comparison);
std::string overlay_finding(const Comparison& comparison);
std::string times_finding(const Comparison& comparison);

}  // namespace melsweep::report
