#include "worker/trainer/dataset/split.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/model/leakage.h"
#include "worker/trainer/dataset/first_few.h"
#include "worker/trainer/dataset/leakage.h"
#include "worker/trainer/dataset/stratify.h"

namespace melsweep::dataset {
namespace {

bool contains(const std::vector<int>& folds, int fold) {
  return std::find(folds.begin(), folds.end(), fold) != folds.end();
}

std::set<int> folds_of(const std::vector<Clip>& clips) {
  std::set<int> folds;
  for (const Clip& clip : clips) folds.insert(clip.fold);
  return folds;
}

absl::Status check_folds(const SplitSpec& spec, const std::set<int>& folds) {
  if (folds.contains(0)) {
    return absl::InvalidArgumentError(
        "the data set has no folds to split by; use split: {by: group, validation: FRACTION} or by: random");
  }
  for (const std::vector<int>* named : {&spec.validation_folds, &spec.test_folds}) {
    for (const int fold : *named) {
      if (folds.contains(fold)) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "the split names fold ", fold, ", which has no usable clip; the data set has the folds ",
          absl::StrJoin(folds, ", ")));
    }
  }
  for (const int fold : spec.validation_folds) {
    if (contains(spec.test_folds, fold)) {
      return absl::InvalidArgumentError(absl::StrCat("fold ", fold, " is both validation and test"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<int>> split_by_fold(const SplitSpec& spec, std::vector<Clip>& clips) {
  const std::set<int> folds = folds_of(clips);
  if (absl::Status status = check_folds(spec, folds); !status.ok()) return status;
  for (Clip& clip : clips) {
    const bool validates = !spec.cross_validation && contains(spec.validation_folds, clip.fold);
    clip.split = contains(spec.test_folds, clip.fold) ? Split::kTest
                 : validates                          ? Split::kValidation
                                                      : Split::kTrain;
  }
  std::vector<int> in_turn;
  if (!spec.cross_validation) return in_turn;
  std::copy_if(folds.begin(), folds.end(), std::back_inserter(in_turn),
               [&](int fold) { return !contains(spec.test_folds, fold); });
  if (in_turn.size() < 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("cross-validation needs two folds that are not for test; the data set has the folds ",
                     absl::StrJoin(folds, ", ")));
  }
  return in_turn;
}

// By group, what must stay together: clips of one recording, and recordings that share a file of the same
// content, however many steps away. The first recording's name stands for all of them.
class LinkedGroups {
 public:
  explicit LinkedGroups(const std::vector<Clip>& clips) {
    std::map<std::string, std::string> first_with;  // content -> group
    for (const Clip& clip : clips) {
      parent_.try_emplace(clip.group, clip.group);
      const auto [place, is_new] = first_with.try_emplace(clip.content_hash, clip.group);
      if (!is_new) link(place->second, clip.group);
    }
  }

  std::string name_of(const std::string& group) {
    std::string name = group;
    while (parent_.at(name) != name) name = parent_.at(name);
    // The way is kept short for the next time; it may have been as long as there are groups.
    for (std::string step = group; step != name;) step = std::exchange(parent_.at(step), name);
    return name;
  }

 private:
  void link(const std::string& one, const std::string& other) {
    const std::string first = std::min(name_of(one), name_of(other));
    const std::string second = std::max(name_of(one), name_of(other));
    parent_.at(second) = first;
  }

  std::map<std::string, std::string> parent_;  // a group that stands for itself, or one that comes before it
};

// For each clip the name of what it is divided with; at random that is the clip alone.
std::vector<std::string> unit_names(SplitBy by, const std::vector<Clip>& clips) {
  std::vector<std::string> names;
  names.reserve(clips.size());
  if (by == SplitBy::kGroup) {
    LinkedGroups groups(clips);
    for (const Clip& clip : clips) names.push_back(groups.name_of(clip.group));
  } else {
    for (const Clip& clip : clips) names.push_back(clip.id);
  }
  return names;
}

absl::Status split_by_lot(const SplitSpec& spec, std::size_t classes, std::vector<Clip>& clips) {
  const Fractions fractions{.validation = spec.validation_fraction, .test = spec.test_fraction};
  const bool possible =
      fractions.validation > 0 && fractions.test >= 0 && fractions.validation + fractions.test < 1;
  if (!possible) {
    return absl::InvalidArgumentError(
        absl::StrCat("validation and test must be fractions that leave something to train on, and validation "
                     "more than 0; they are ",
                     fractions.validation, " and ", fractions.test));
  }
  if (spec.cross_validation)
    return absl::InvalidArgumentError("cross_validation goes with split by: fold only");
  const std::vector<std::string> names = unit_names(spec.by, clips);
  std::map<std::string, std::size_t> index;
  std::vector<Unit> units;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const Clip& clip = clips[i];
    const auto [place, is_new] = index.try_emplace(names[i], units.size());
    if (is_new) units.push_back({.name = place->first, .per_class = std::vector<std::int64_t>(classes, 0)});
    ++units[place->second].per_class[static_cast<std::size_t>(clip.class_index)];
  }
  const std::vector<Split> splits = stratify(units, fractions, spec.seed);
  for (std::size_t i = 0; i < clips.size(); ++i) clips[i].split = splits[index.at(names[i])];
  return absl::OkStatus();
}

// The names of the classes that none of the clips chosen by `chosen` is of.
std::string absent_classes(const std::vector<std::string>& classes, const std::vector<Clip>& clips,
                           const std::function<bool(const Clip&)>& chosen) {
  std::vector<bool> present(classes.size(), false);
  for (const Clip& clip : clips) {
    if (chosen(clip)) present[static_cast<std::size_t>(clip.class_index)] = true;
  }
  std::vector<std::string> absent;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (!present[c]) absent.push_back(classes[c]);
  }
  return first_few(absent.size(), [&](std::size_t i) { return absent[i]; });
}

absl::Status training_lacks(const std::string& absent, const std::string& when) {
  return absl::InvalidArgumentError(absl::StrCat(
      "training has no clip of ", absent, when, "; choose other folds or fractions, or leave the class out"));
}

// Every fold in turn: what trains must have every class.
absl::Status check_turns(const std::vector<std::string>& classes, const std::vector<Clip>& clips,
                         SplitOutcome& outcome) {
  for (const int fold : outcome.validation_folds) {
    const std::string when = absl::StrCat(" when fold ", fold, " validates");
    const std::string absent = absent_classes(
        classes, clips, [&](const Clip& clip) { return clip.split == Split::kTrain && clip.fold != fold; });
    if (!absent.empty()) return training_lacks(absent, when);
    const std::string unseen = absent_classes(
        classes, clips, [&](const Clip& clip) { return clip.split == Split::kTrain && clip.fold == fold; });
    if (!unseen.empty()) outcome.warnings.push_back(absl::StrCat("validation has no clip of ", unseen, when));
  }
  return absl::OkStatus();
}

absl::Status check_splits(const SplitSpec& spec, const std::vector<std::string>& classes,
                          const std::vector<Clip>& clips, SplitOutcome& outcome) {
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    const auto chosen = [&](const Clip& clip) { return clip.split == split; };
    const bool wanted = split != Split::kTest || !spec.test_folds.empty() || spec.test_fraction > 0;
    if (!wanted || (spec.cross_validation && split == Split::kValidation)) continue;
    if (std::none_of(clips.begin(), clips.end(), chosen)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the split leaves no clip for ", split_name(split), " of ", clips.size(), " in all"));
    }
    const std::string absent = absent_classes(classes, clips, chosen);
    if (absent.empty()) continue;
    if (split == Split::kTrain) return training_lacks(absent, "");
    outcome.warnings.push_back(absl::StrCat(split_name(split), " has no clip of ", absent));
  }
  return absl::OkStatus();
}

absl::Status check_leaks(const SplitSpec& spec, const std::vector<Clip>& clips, SplitOutcome& outcome) {
  const Leaks leaks = find_leaks(clips, spec.cross_validation);
  for (const std::string& leak : {leaks.recordings, leaks.duplicates}) {
    if (leak.empty()) continue;
    if (spec.by == SplitBy::kRandom && !spec.allow_leakage) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the random split leaks: ", leak,
          ". Use split: {by: group}, or say allow_leakage: true to go on with this warning in every report"));
    }
    outcome.warnings.push_back(absl::StrCat(std::string(kLeakageWarning), leak));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SplitOutcome> assign_splits(const SplitSpec& spec, const std::vector<std::string>& classes,
                                           std::vector<Clip>& clips) {
  SplitOutcome outcome;
  if (spec.by == SplitBy::kFold) {
    absl::StatusOr<std::vector<int>> in_turn = split_by_fold(spec, clips);
    if (!in_turn.ok()) return in_turn.status();
    outcome.validation_folds = *std::move(in_turn);
  } else if (absl::Status status = split_by_lot(spec, classes.size(), clips); !status.ok()) {
    return status;
  }
  if (absl::Status status = check_splits(spec, classes, clips, outcome); !status.ok()) return status;
  if (absl::Status status = check_turns(classes, clips, outcome); !status.ok()) return status;
  if (absl::Status status = check_leaks(spec, clips, outcome); !status.ok()) return status;
  return outcome;
}

}  // namespace melsweep::dataset
