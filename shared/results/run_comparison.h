// Two finished trials side by side.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/results/run_choice.h"

namespace melsweep::results {

struct ComparedRun {
  std::string sweep;
  std::int64_t sweep_id = 0;
  std::int64_t trial = 0;
};

// A setting that differs, by its dotted path; beside the settings "seed", "fold", "data" (content hash) and
// "weights" (SHA-256). A value that one of them does not have is empty.
struct SettingDifference {
  std::string path;
  std::string a;
  std::string b;
};

// At the last step; absent where one of them was not measured so, or is no number.
struct MetricPair {
  std::string metric;
  std::optional<double> a;
  std::optional<double> b;
};

struct ClassPair {
  std::string split;
  std::string class_name;
  double a_f1 = 0.0;
  double b_f1 = 0.0;
  std::int64_t support = 0;  // of a
};

enum class Verdict { kFixed, kBroken, kBothWrong };  // by b, of what a said

// "fixed", "broken", "both wrong"
std::string to_text(Verdict verdict);

struct ClipPair {
  Verdict verdict = Verdict::kFixed;
  std::string split;
  std::string clip;
  std::string true_class;
  std::string a_class;  // what it was taken for
  std::string b_class;
  double a_probability = 0.0;  // of the true class
  double b_probability = 0.0;
};

struct RunComparison {
  ComparedRun a;
  ComparedRun b;
  std::vector<SettingDifference> settings;
  std::vector<MetricPair> metrics;  // of both, in order of name
  std::vector<ClassPair> classes;   // of the splits and classes that both were evaluated on
  std::vector<ClipPair> clips;      // that one of them got wrong; fixed, then broken, then both wrong
  std::int64_t clips_in_common = 0;
};

// The errors of resolve_run() and open_database().
absl::StatusOr<RunComparison> compare_runs(const std::filesystem::path& database, const RunChoice& a,
                                           const RunChoice& b);

}  // namespace melsweep::results
