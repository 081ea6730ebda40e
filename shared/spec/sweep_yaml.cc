#include "shared/spec/sweep_yaml.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"
#include "shared/spec/augmentation_check.h"
#include "shared/spec/cell_check.h"
#include "shared/spec/cells.h"
#include "shared/spec/evaluation_check.h"
#include "shared/spec/fields.h"
#include "shared/spec/final_sweep.h"
#include "shared/spec/not_built.h"
#include "shared/spec/overrides.h"
#include "shared/spec/parameters.h"
#include "shared/spec/schema_check.h"
#include "shared/spec/split_check.h"
#include "shared/spec/study_tree.h"
#include "shared/spec/takings.h"
#include "shared/spec/yaml_reader.h"

namespace melsweep::spec {
namespace {

// A study waits in the coordinator's memory as a whole.
constexpr std::size_t kMaxSweeps = 100;

// Sets every field that the tree gives and about which nothing is wrong; the others keep their defaults.
template <class Owner>
void read_fields(std::span<const Field<Owner>> fields, const Path& below, const Node& root, Owner& owner,
                 ProblemList& problems) {
  for (const Field<Owner>& field : fields) {
    Path path = below;
    for (std::string& step : split_path(std::string(field.path))) path.push_back(std::move(step));
    const Node* node = find(root, path);
    if (node == nullptr || problems.touches(path)) continue;
    if (absl::Status status = field.write(owner, to_json(*node)); !status.ok()) {
      problems.add(path, node->place, absl::StrCat(to_text(path), " ", status.message()));
    }
  }
}

// `melsweep status NAME` also takes a sweep's number and the word last.
void check_name(const Node& root, const std::string& name, ProblemList& problems) {
  if (problems.touches({"name"})) return;
  const auto refuse = [&](std::string message, std::string hint) {
    problems.add({"name"}, place_of(root, {"name"}), std::move(message), std::move(hint));
  };
  if (name == "last" || std::all_of(name.begin(), name.end(), absl::ascii_isdigit)) {
    refuse(absl::StrCat("'", name, "' cannot be a name: it would be taken for ",
                        name == "last" ? "the newest sweep" : "a sweep's number"),
           "add a word");
  }
}

bool sweeps(const SweepSpec& sweep, std::string_view path) {
  return std::any_of(sweep.parameters.begin(), sweep.parameters.end(),
                     [&](const ParameterAxis& axis) { return axis.path == path; });
}

void check_weights(const Node& root, const SweepSpec& sweep, ProblemList& problems) {
  if (!sweep.base.model.weights.empty() || problems.touches({"model", "weights"}) ||
      problems.touches({"parameters"}))
    return;
  if (sweeps(sweep, "model.weights") || takes_field(sweep, "model.weights")) return;
  const Path path = {"model", "weights"};
  problems.add(path, root.member("model") == nullptr ? root.place : key_place_of(root, path),
               "model.weights is missing",
               "name a safetensors file such as inception_v3.safetensors, or 'random' for untrained weights");
}

// Whether some trial is trained with momentum.
bool uses_momentum(const SweepSpec& sweep) {
  const auto does = [](Optimizer optimizer) {
    return optimizer == Optimizer::kMomentum || optimizer == Optimizer::kNesterov;
  };
  for (const ParameterAxis& axis : sweep.parameters) {
    if (axis.path != "training.optimizer") continue;
    return std::any_of(axis.values.begin(), axis.values.end(), [&](const ParameterValue& value) {
      TrialSettings settings;
      return set_parameter(axis.path, value, settings).ok() && does(settings.training.optimizer);
    });
  }
  return does(sweep.base.training.optimizer);
}

void check_momentum(const Node& root, const SweepSpec& sweep, ProblemList& problems) {
  if (problems.touches({"training"}) || problems.touches({"parameters"}) || uses_momentum(sweep)) return;
  if (takes_field(sweep, "training.optimizer")) return;
  const auto refuse = [&](const Path& path) {
    problems.add(path, key_place_of(root, path),
                 absl::StrCat(to_text(path), " has no meaning with the optimizers of this sweep"),
                 "leave it out, or use the optimizer 'momentum' or 'nesterov'");
  };
  if (find(root, {"training", "momentum"}) != nullptr) refuse({"training", "momentum"});
  for (const ParameterAxis& axis : sweep.parameters) {
    if (axis.path == "training.momentum") refuse({"parameters", axis.name});
  }
}

// Without a written metric that of the part evaluated on, without a written goal the metric's name decides; a
// written one must not ask for the worst.
void settle_objective(const Node& root, Split evaluate, Objective& objective, ProblemList& problems) {
  if (problems.touches({"objective"})) return;
  if (evaluate == Split::kTest && find(root, {"objective", "metric"}) == nullptr)
    objective.metric = "test/accuracy";
  const Goal sensible = absl::EndsWith(objective.metric, "loss") ? Goal::kMinimize : Goal::kMaximize;
  const Path path = {"objective", "goal"};
  if (find(root, path) == nullptr) {
    objective.goal = sensible;
  } else if (objective.goal != sensible) {
    const bool loss = sensible == Goal::kMinimize;
    problems.add(path, place_of(root, path),
                 absl::StrCat("objective.goal would choose the worst trial: ", objective.metric,
                              " is better ", loss ? "lower" : "higher"),
                 loss ? "use 'minimize'" : "use 'maximize'");
  }
}

// As grid_cell does for each cell; where the steps are swept or taken the base's own mean nothing.
void lower_evaluate_every(SweepSpec& sweep) {
  if (sweeps(sweep, "training.steps") || takes_field(sweep, "training.steps")) return;
  TrainingSettings& training = sweep.base.training;
  training.evaluate_every = std::min(training.evaluate_every, training.steps);
}

SweepSpec read_all_fields(const Node& root, ProblemList& problems) {
  SweepSpec sweep;
  read_fields(sweep_fields(), {}, root, sweep, problems);
  read_fields(dataset_fields(), {"dataset"}, root, sweep.dataset, problems);
  read_fields(trial_fields(), {}, root, sweep.base, problems);
  sweep.parameters = read_parameters(root, problems);
  return sweep;
}

// The schema cannot say that only a study's shared keys may do without.
void check_dataset(const Node& root, ProblemList& problems) {
  if (root.kind != NodeKind::kMap || root.member("dataset") != nullptr) return;
  problems.add({"dataset"}, root.place, "dataset is missing", "it is a map of fields");
}

SweepSpec read_sweep(const Node& root, std::vector<Taking> takes, ProblemList& problems) {
  check_split_kinds(root, problems);
  check_schema(root, problems);
  check_dataset(root, problems);
  refuse_not_built(root, problems);
  check_split(root, problems);
  SweepSpec sweep = read_all_fields(root, problems);
  sweep.takes = std::move(takes);
  check_name(root, sweep.name, problems);
  check_weights(root, sweep, problems);
  check_momentum(root, sweep, problems);
  check_augmentation(root, sweep, problems);
  settle_objective(root, sweep.evaluate, sweep.objective, problems);
  check_evaluation(root, sweep, problems);
  check_cells(root, sweep, problems);
  lower_evaluate_every(sweep);
  return sweep;
}

// Reads the sweeps of a document one after the other.
class StudyReader {
 public:
  StudyReader(const Node& root, std::vector<std::string> sources, ProblemList& problems)
      : root_(root), sources_(std::move(sources)), problems_(problems) {}

  void read_lone_sweep() {
    add(root_, read_sweep(root_, {}, problems_), problems_);
    study_.name = study_.sweeps.front().name;
  }

  void read_study() {
    check_schema(root_, problems_);
    const Node* name = root_.member("name");
    if (name != nullptr) {
      study_.name = name->text;
      check_name(root_, study_.name, problems_);
    }
    if (root_.member("final") != nullptr) {
      problems_.add({"final"}, key_place_of(root_, {"final"}),
                    "a final training is of one sweep, not of all of a study",
                    "name it in the sweep whose winner is to be tested");
    }
    // What an item lays over, and what for, can only be told where both are as they should be.
    if (!problems_.empty()) return;
    for (const Node& item : root_.member("study")->items) read_item(item);
  }

  Study result() && { return std::move(study_); }

 private:
  void read_item(const Node& item) {
    ProblemList own(sources_);
    std::vector<Taking> takes = read_takings(item, study_.sweeps, own);
    Node tree = lay_over(root_, item);
    for (const Taking& taking : takes) {
      for (const std::string& field : taking.fields) drop_field(tree, field);
    }
    add(item, read_sweep(tree, std::move(takes), own), own);
    problems_.append(own);
  }

  void add(const Node& item, SweepSpec sweep, ProblemList& problems) {
    const bool has_final = item.member("final") != nullptr && !problems.touches({"final"});
    std::optional<SweepSpec> final;
    if (has_final) final = final_of(item, sweep, problems);
    put(item, std::move(sweep), problems);
    if (final) put(item, *std::move(final), problems);
  }

  void put(const Node& item, SweepSpec sweep, ProblemList& problems) {
    if (study_.sweeps.size() == kMaxSweeps) {
      problems.add({"study"}, item.place, absl::StrCat("a study has at most ", kMaxSweeps, " sweeps"),
                   "write another");
      return;
    }
    const bool is_known = std::any_of(study_.sweeps.begin(), study_.sweeps.end(),
                                      [&](const SweepSpec& other) { return other.name == sweep.name; });
    if (is_known) {
      problems.add({"name"}, place_of(item, {"name"}),
                   absl::StrCat("two sweeps are called '", sweep.name, "'"), "give each a name of its own");
    }
    trials_ += grid_size(sweep) > kMaxTrials / sweep.seeds ? 0 : grid_size(sweep) * sweep.seeds;
    if (trials_ > kMaxTrials) {
      problems.add({"study"}, item.place,
                   absl::StrCat("the sweeps of the study have more than ", kMaxTrials, " trials together"),
                   "sweep fewer values");
      sweep.parameters.clear();
    }
    study_.sweeps.push_back(std::move(sweep));
  }

  const Node& root_;
  const std::vector<std::string> sources_;
  ProblemList& problems_;
  Study study_;
  std::int64_t trials_ = 0;
};

}  // namespace

StudyResult parse_study(std::string_view yaml, const std::string& file,
                        const std::vector<Override>& overrides) {
  std::vector<std::string> sources = {file};
  for (const Override& override : overrides) sources.push_back(to_text(override));
  ProblemList problems(sources);
  std::optional<Node> root = read_yaml(yaml, 0, problems);
  if (!root) return problems.sorted();
  for (std::size_t i = 0; i < overrides.size() && root->kind == NodeKind::kMap; ++i) {
    apply(overrides[i], static_cast<int>(i) + 1, *root, problems);
  }
  StudyReader reader(*root, std::move(sources), problems);
  if (root->member("study") == nullptr) {
    reader.read_lone_sweep();
  } else {
    reader.read_study();
  }
  if (!problems.empty()) return problems.sorted();
  return std::move(reader).result();
}

ParseResult parse_stored_sweep(std::string_view yaml, const std::string& source) {
  ProblemList problems({source});
  const std::optional<Node> root = read_yaml(yaml, 0, problems);
  if (!root) return problems.sorted();
  SweepSpec sweep = read_all_fields(*root, problems);
  sweep.takes = read_stored_takings(*root, problems);
  if (!problems.empty()) return problems.sorted();
  lower_evaluate_every(sweep);
  return sweep;
}

StudyResult parse_study_file(const std::string& path, const std::vector<Override>& overrides) {
  const absl::StatusOr<std::string> yaml = files::read_file(path, kMaxBytes);
  if (yaml.ok()) return parse_study(*yaml, path, overrides);
  return std::vector<Problem>{{.file = path, .message = std::string(yaml.status().message()), .hint = ""}};
}

}  // namespace melsweep::spec
