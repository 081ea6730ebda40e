#include "shared/artifacts/layout.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/str_cat.h"

namespace melsweep::artifacts {
namespace {

constexpr char kSweep[] = "sweep-";
constexpr char kTrial[] = "trial-";
constexpr char kAttempt[] = "attempt-";
constexpr char kStep[] = "step-";

struct Suffix {
  ArtifactKind kind;
  std::string_view text;
};
constexpr Suffix kSuffixes[] = {{ArtifactKind::kCheckpoint, ".safetensors"},
                                {ArtifactKind::kMisclassified, ".misclassified.tar"}};

// The number between prefix and suffix where they make up the name, written as we write it.
template <class Number>
std::optional<Number> number_in(std::string_view name, std::string_view prefix, std::string_view suffix) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() < prefix.size() + suffix.size()) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
  Number number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || number < 0 || absl::StrCat(number) != digits) return std::nullopt;
  return number;
}

template <class Id>
std::optional<Id> id_in(std::string_view name, std::string_view prefix) {
  const auto number = number_in<std::int64_t>(name, prefix, "");
  if (!number) return std::nullopt;
  return Id{*number};
}

}  // namespace

std::filesystem::path folder_beside(std::filesystem::path database) {
  database += ".artifacts";
  return database;
}

std::string sweep_folder(SweepId sweep) {
  return absl::StrCat(kSweep, sweep.value);
}

std::string trial_folder(TrialId trial) {
  return absl::StrCat(kTrial, trial.value);
}

std::string attempt_folder(std::int32_t epoch) {
  return absl::StrCat(kAttempt, epoch);
}

std::string file_name(std::int64_t step, ArtifactKind kind) {
  const auto* suffix = std::ranges::find(kSuffixes, kind, &Suffix::kind);
  return absl::StrCat(kStep, step, std::string(suffix->text));
}

std::filesystem::path path_of(const ArtifactName& name) {
  return std::filesystem::path(sweep_folder(name.sweep)) / trial_folder(name.attempt.trial) /
         attempt_folder(name.attempt.epoch) / file_name(name.step, name.kind);
}

std::optional<SweepId> sweep_of_folder(std::string_view name) {
  return id_in<SweepId>(name, kSweep);
}

std::optional<TrialId> trial_of_folder(std::string_view name) {
  return id_in<TrialId>(name, kTrial);
}

std::optional<std::int32_t> epoch_of_folder(std::string_view name) {
  return number_in<std::int32_t>(name, kAttempt, "");
}

std::optional<FileOfStep> step_of_file(std::string_view name) {
  for (const Suffix& suffix : kSuffixes) {
    if (const auto step = number_in<std::int64_t>(name, kStep, suffix.text))
      return FileOfStep{*step, suffix.kind};
  }
  return std::nullopt;
}

}  // namespace melsweep::artifacts
