// Sweeps to test with.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "shared/spec/sweep_yaml.h"

namespace melsweep::spec {

// The smallest sweep there is: lines 1 to 6, without parameters.
inline constexpr std::string_view kSmallest =
    "version: 1\n"
    "name: smallest\n"
    "dataset:\n"
    "  format: urbansound8k\n"
    "  path: data\n"
    "  split: {by: fold, validation: [9], test: [10]}\n"
    "model: {weights: random}\n";

// kSmallest and more lines, the first of which is line 8.
inline std::string with(std::string_view more) {
  return std::string(kSmallest).append(more);
}

// kSmallest with line 6 replaced.
inline std::string with_split(std::string_view split) {
  std::string text(kSmallest);
  const std::size_t begin = text.find("{by: fold");
  return text.replace(begin, text.find('\n', begin) - begin, split);
}

// kSmallest with other weights, from 7:18.
inline std::string with_weights(std::string_view weights) {
  std::string text(kSmallest);
  return text.replace(text.find("random"), 6, weights);
}

// The one sweep of a file, or the problems.
inline ParseResult parse_sweep(std::string_view yaml, const std::string& file,
                               const std::vector<Override>& overrides = {}) {
  StudyResult result = parse_study(yaml, file, overrides);
  if (auto* problems = std::get_if<std::vector<Problem>>(&result)) return std::move(*problems);
  EXPECT_EQ(std::get<Study>(result).sweeps.size(), 1U);
  return std::move(std::get<Study>(result).sweeps.front());
}

// "f:7:12: message (hint)", each problem on a line.
inline std::string lines_of(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.to_string() + "\n";
  return text;
}

// Empty where the sweep is good.
inline std::string problems_of(const ParseResult& result) {
  const auto* problems = std::get_if<std::vector<Problem>>(&result);
  return problems == nullptr ? "" : lines_of(*problems);
}

inline std::string problems_of(const StudyResult& result) {
  const auto* problems = std::get_if<std::vector<Problem>>(&result);
  return problems == nullptr ? "" : lines_of(*problems);
}

inline std::string problems_in(std::string_view yaml, const std::vector<Override>& overrides = {}) {
  return problems_of(parse_study(yaml, "f", overrides));
}

// The sweep, or a failed test and an empty sweep.
inline SweepSpec parsed(std::string_view yaml, const std::vector<Override>& overrides = {}) {
  ParseResult result = parse_sweep(yaml, "f", overrides);
  EXPECT_EQ(problems_of(result), "");
  if (auto* sweep = std::get_if<SweepSpec>(&result)) return std::move(*sweep);
  return {};
}

}  // namespace melsweep::spec
