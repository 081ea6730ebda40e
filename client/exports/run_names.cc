#include "client/exports/run_names.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace melsweep::exports {
namespace {

constexpr std::size_t kMaxBytes = 100;

}  // namespace

std::string file_name(std::string_view text) {
  std::string name;
  for (const char byte : text.substr(0, kMaxBytes)) {
    const auto code = static_cast<unsigned char>(byte);
    const bool kept =
        absl::ascii_isalnum(code) || std::string_view("._=+-").find(byte) != std::string_view::npos;
    name += kept ? byte : '-';
  }
  const bool begins_well = !name.empty() && absl::ascii_isalnum(static_cast<unsigned char>(name.front()));
  return begins_well ? name : absl::StrCat("x", name);
}

std::string setting_name(const results::TrialCurves& trial) {
  std::string name = absl::StrCat("sweep-", trial.sweep_id);
  for (const Parameter& parameter : trial.parameters) {
    absl::StrAppend(&name, "_", parameter.name, "=", to_text(parameter.value));
  }
  return name;
}

std::string run_name(const results::TrialCurves& trial) {
  std::string name = absl::StrCat("trial-", absl::Dec(trial.trial, absl::kZeroPad3));
  for (const Parameter& parameter : trial.parameters) {
    absl::StrAppend(&name, "_", parameter.name, "=", to_text(parameter.value));
  }
  if (trial.seed != 0) absl::StrAppend(&name, "_seed=", trial.seed);
  if (trial.validation_fold != 0) absl::StrAppend(&name, "_fold=", trial.validation_fold);
  return file_name(name);
}

}  // namespace melsweep::exports
