#include "shared/results/stored_spec.h"

#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::results {

absl::StatusOr<SweepSpec> parse_spec(const std::string& text) {
  const spec::ParseResult parsed = spec::parse_stored_sweep(text, "the database");
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) {
    return absl::DataLossError(
        absl::StrCat("the sweep in the database cannot be read: ", problems->front().to_string()));
  }
  return std::get<SweepSpec>(parsed);
}

}  // namespace melsweep::results
