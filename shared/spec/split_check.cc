#include "shared/spec/split_check.h"

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/spec/names.h"

namespace melsweep::spec {
namespace {

class SplitChecker {
 public:
  SplitChecker(const Node& root, const Node& split, ProblemList& problems)
      : root_(root), split_(split), by_(split.member("by")->text), problems_(problems) {}

  void check() {
    if (by_ == "fold") {
      check_folds();
    } else {
      check_fractions();
    }
    if (by_ != "random" && is_true("allow_leakage")) {
      refuse("allow_leakage", absl::StrCat("allow_leakage has no meaning with by: ", by_),
             "leave it out, or split by: random");
    }
  }

 private:
  static Path path_to(const std::string& key) { return {"dataset", "split", key}; }

  bool is_true(const std::string& key) const {
    const Node* node = split_.member(key);
    return node != nullptr && node->boolean;
  }

  // At the value of this key, or at the split where it is missing.
  void refuse(const std::string& key, std::string message, std::string hint) {
    problems_.add(path_to(key), place_of(root_, path_to(key)), std::move(message), std::move(hint));
  }

  const Node* sound(const std::string& key) const {
    return problems_.touches(path_to(key)) ? nullptr : split_.member(key);
  }

  void check_folds() {
    if (const Node* format = find(root_, {"dataset", "format"});
        format != nullptr && format->text == "folders") {
      refuse("by", "format folders has no folds to split by", "split by: group or by: random");
    }
    const bool cross_validation = is_true("cross_validation");
    if (cross_validation && split_.member("validation") != nullptr) {
      refuse("validation",
             "cross_validation: true lets every fold validate in turn, so no validation folds can be named",
             "leave out validation or cross_validation");
    } else if (!cross_validation && split_.member("validation") == nullptr) {
      refuse("validation", "dataset.split.validation is missing",
             "name the folds to validate on, such as [9], or set cross_validation: true");
    }
    if (split_.member("seed") != nullptr) refuse("seed", "seed has no meaning with by: fold", "leave it out");
    for (const char* part : {"validation", "test"}) check_fold_list(part);
    check_overlap();
  }

  void check_fold_list(const std::string& part) {
    const Node* folds = sound(part);
    if (folds == nullptr) return;
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < folds->items.size(); ++i) {
      if (seen.insert(folds->items[i].integer).second) continue;
      add_at_item(part, i, absl::StrCat("fold ", folds->items[i].integer, " is named twice in ", part),
                  "name it only once");
    }
  }

  void check_overlap() {
    const Node* validation = sound("validation");
    const Node* test = sound("test");
    if (validation == nullptr || test == nullptr) return;
    std::set<std::int64_t> validating;
    for (const Node& fold : validation->items) validating.insert(fold.integer);
    for (std::size_t i = 0; i < test->items.size(); ++i) {
      const std::int64_t fold = test->items[i].integer;
      if (!validating.contains(fold)) continue;
      add_at_item("test", i, absl::StrCat("fold ", fold, " is in both validation and test"),
                  "a fold that chooses the best trial cannot judge it: keep it in one of the two");
    }
  }

  void add_at_item(const std::string& part, std::size_t index, std::string message, std::string hint) {
    Path path = path_to(part);
    path.push_back(absl::StrCat(index));
    problems_.add(path, place_of(root_, path), std::move(message), std::move(hint));
  }

  void check_fractions() {
    if (is_true("cross_validation")) {
      refuse("cross_validation", absl::StrCat("cross_validation goes over folds, not with by: ", by_),
             "split by: fold");
    }
    if (split_.member("validation") == nullptr) {
      refuse("validation", "dataset.split.validation is missing",
             "give the fraction to validate on, such as 0.2");
    }
    check_sum();
  }

  void check_sum() {
    const Node* validation = sound("validation");
    const Node* test = sound("test");
    if (validation == nullptr || test == nullptr) return;
    const double sum = validation->as_number() + test->as_number();
    if (sum < 1.0) return;
    refuse("test",
           absl::StrCat("validation and test take ", sum, " of the clips: nothing is left to train on"),
           "their sum must be below 1");
  }

  const Node& root_;
  const Node& split_;
  const std::string by_;
  ProblemList& problems_;
};

}  // namespace

void check_split_kinds(const Node& root, ProblemList& problems) {
  const Node* by = find(root, {"dataset", "split", "by"});
  if (by == nullptr || !parse_name<SplitBy>(by->text)) return;
  const bool folds = by->text == name_of(SplitBy::kFold);
  for (const std::string part : {"validation", "test"}) {
    const Path path = {"dataset", "split", part};
    const Node* node = find(root, path);
    // What is empty or unreadable the schema's check names.
    if (node == nullptr || node->kind == NodeKind::kNull || node->kind == NodeKind::kUnreadable) continue;
    const bool number = node->kind == NodeKind::kInteger || node->kind == NodeKind::kNumber;
    if (folds && node->kind != NodeKind::kList) {
      problems.add(
          path, node->place, absl::StrCat(part, " must be a list of folds with by: fold"),
          number && node->integer > 0 ? absl::StrCat("such as [", node->integer, "]") : "such as [9]");
    } else if (!folds && !number) {
      problems.add(path, node->place, absl::StrCat(part, " must be a fraction with by: ", by->text),
                   "such as 0.2; folds go with by: fold");
    }
  }
}

void check_split(const Node& root, ProblemList& problems) {
  const Node* split = find(root, {"dataset", "split"});
  if (split == nullptr || split->member("by") == nullptr || problems.touches({"dataset", "split", "by"}))
    return;
  SplitChecker(root, *split, problems).check();
}

}  // namespace melsweep::spec
