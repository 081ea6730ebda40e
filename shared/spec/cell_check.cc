#include "shared/spec/cell_check.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/model/augmentation.h"
#include "shared/spec/cells.h"
#include "shared/spec/fields.h"
#include "shared/spec/head_only.h"
#include "shared/spec/mel_bands.h"

namespace melsweep::spec {
namespace {

// What is wrong with one cell, and the fields that could put it right, the likeliest first.
struct Impossible {
  std::vector<std::string> blame;
  std::string message;
  std::string hint;
};

void check_frames(const FeatureSettings& f, std::vector<Impossible>& found) {
  if (f.hop_length > f.n_fft) {
    found.push_back({{"features.hop_length", "features.n_fft"},
                     absl::StrCat("hop_length ", f.hop_length, " is larger than n_fft ", f.n_fft,
                                  ": sound between frames would be lost"),
                     absl::StrCat("hop_length can be at most ", f.n_fft, "; a quarter of n_fft is usual")});
  }
  if (f.win_length > f.n_fft) {
    found.push_back({{"features.win_length", "features.n_fft"},
                     absl::StrCat("win_length ", f.win_length, " is larger than n_fft ", f.n_fft),
                     absl::StrCat("win_length can be at most ", f.n_fft, "; 0 means n_fft")});
  }
}

void check_frequencies(const FeatureSettings& f, std::vector<Impossible>& found) {
  const double nyquist = f.sample_rate / 2.0;
  const double fmax = highest_frequency(f);
  if (fmax > nyquist) {
    found.push_back(
        {{"features.fmax", "features.sample_rate"},
         absl::StrCat("fmax ", fmax, " Hz is above half the sample rate of ", f.sample_rate, " Hz"),
         absl::StrCat("fmax can be at most ", nyquist, "; 0 means half the sample rate")});
  } else if (f.fmin >= fmax) {
    found.push_back({{"features.fmin", "features.fmax", "features.sample_rate"},
                     absl::StrCat("fmin ", f.fmin, " Hz is not below fmax ", fmax, " Hz"),
                     "lower fmin or raise fmax"});
  } else if (f.representation == Representation::kMel) {
    if (const std::optional<int> empty = first_empty_mel_band(f)) {
      const int possible = possible_mel_bands(f);
      found.push_back(
          {{"features.n_mels", "features.n_fft", "features.sample_rate", "features.fmin", "features.fmax"},
           absl::StrCat("n_mels ", f.n_mels, " is more than the FFT allows: with n_fft ", f.n_fft, " at ",
                        f.sample_rate, " Hz, mel band ", *empty + 1, " would hold no FFT bin"),
           possible == 0 ? "raise n_fft"
                         : absl::StrCat("n_mels ", possible, " is possible, or raise n_fft")});
    }
  }
}

std::vector<Impossible> impossible_masks(const Cell& cell) {
  const TrainingSettings& training = cell.settings.training;
  const VariantSettings& variants = training.variants;
  if (!includes(training.augmentation, Augmentation::kMasks)) return {};
  if (variants.mask_frequency > 0 || variants.mask_time > 0) return {};
  return {{{"training.mask_frequency", "training.mask_time"},
           "mask_frequency and mask_time are both 0: masks would give pictures without a mask",
           "raise one of them, or leave masks out of the augmentation"}};
}

std::vector<Impossible> impossible_training(const Cell& cell) {
  const TrainingSettings& training = cell.settings.training;
  if (training.warmup_steps <= training.steps) return {};
  return {
      {{"training.warmup_steps", "training.steps"},
       absl::StrCat("warmup_steps ", training.warmup_steps, " is more than the ", training.steps, " steps"),
       absl::StrCat("warmup_steps can be at most ", training.steps)}};
}

// Where a part of the trunk learns, its products are the trainable layers' own.
std::vector<Impossible> impossible_model(const Cell& cell) {
  const ModelSettings& model = cell.settings.model;
  if (model.precision == Precision::kFloat32 || model.trainable.kind == TrainableKind::kHead) return {};
  return {{{"model.precision", "model.trainable"},
           "precision bfloat16 is of a trunk that does not learn, and this one does",
           "use float32, or trainable: head"}};
}

std::vector<Impossible> impossible_learning(const Cell& cell) {
  std::vector<Impossible> found;
  for (const HeadOnly& only : head_only_settings(cell.settings)) {
    found.push_back({{std::string(only.field), "model.trainable"}, only.message, only.hint});
  }
  return found;
}

std::vector<Impossible> impossible_features(const Cell& cell) {
  std::vector<Impossible> found;
  check_frames(cell.settings.features, found);
  check_frequencies(cell.settings.features, found);
  return found;
}

bool is_of_features(const std::string& path) {
  return path.starts_with("features.");
}

bool is_of_model(const std::string& path) {
  return path.starts_with("model.");
}

bool is_of_steps(const std::string& path) {
  return path.ends_with("steps");
}

bool is_of_masks(const std::string& path) {
  return path == "training.augmentation" || path.starts_with("training.mask_");
}

bool is_of_learning(const std::string& path) {
  return path == "model.trainable" || is_head_only(path);
}

class CellChecker {
 public:
  CellChecker(const Node& root, const SweepSpec& sweep, ProblemList& problems)
      : root_(root), sweep_(sweep), problems_(problems) {}

  // Looks at every combination of the values of the swept features.
  void check_features() {
    check([](const ParameterAxis& axis) { return is_of_features(axis.path); }, impossible_features);
  }

  // The same for those that say in which precision which layers work.
  void check_model() {
    check([](const ParameterAxis& axis) { return is_of_model(axis.path); }, impossible_model);
  }

  // The same for those that say how many steps there are.
  void check_training() {
    check([](const ParameterAxis& axis) { return is_of_steps(axis.path); }, impossible_training);
  }

  // The same for those that say what learns, and in which of the ways that not all can.
  void check_learning() {
    check([](const ParameterAxis& axis) { return is_of_learning(axis.path); }, impossible_learning);
  }

  // The same for those that say how large masks are.
  void check_masks() {
    check([](const ParameterAxis& axis) { return is_of_masks(axis.path); }, impossible_masks);
  }

 private:
  void check(bool (*takes_part)(const ParameterAxis&), std::vector<Impossible> (*look)(const Cell&)) {
    SweepSpec part = sweep_;
    std::erase_if(part.parameters, [&](const ParameterAxis& axis) { return !takes_part(axis); });
    const std::int64_t size = grid_size(part);
    for (std::int64_t index = 0; index < size; ++index) {
      const Cell cell = grid_cell(part, index);
      for (const Impossible& impossible : look(cell)) report(cell, impossible);
    }
  }

  // One problem for each value and each pair of fields that disagree: the other cells with it would say the
  // same again.
  void report(const Cell& cell, const Impossible& impossible) {
    const Path path = path_to_blame(cell, impossible.blame);
    const Place place = place_of(root_, path);
    if (!reported_.emplace(place, impossible.blame.front()).second) return;
    problems_.add(path, place, impossible.message, impossible.hint);
  }

  // A swept value before a given one: the sweep is what brought it together with the others.
  Path path_to_blame(const Cell& cell, const std::vector<std::string>& blame) const {
    for (const std::string& field : blame) {
      for (const Parameter& parameter : cell.parameters) {
        if (find_trial_field(parameter.name)->path == field) return path_to_value(parameter);
      }
    }
    for (const std::string& field : blame) {
      if (find(root_, split_path(field)) != nullptr) return split_path(field);
    }
    return split_path(blame.front());
  }

  Path path_to_value(const Parameter& parameter) const {
    const auto axis = std::find_if(sweep_.parameters.begin(), sweep_.parameters.end(),
                                   [&](const ParameterAxis& a) { return a.name == parameter.name; });
    const auto value = std::find(axis->values.begin(), axis->values.end(), parameter.value);
    return {"parameters", parameter.name, absl::StrCat(value - axis->values.begin())};
  }

  const Node& root_;
  const SweepSpec& sweep_;
  ProblemList& problems_;
  std::set<std::pair<Place, std::string>> reported_;
};

bool takes_any(const SweepSpec& sweep, bool (*which)(const std::string& path)) {
  return std::any_of(sweep.takes.begin(), sweep.takes.end(), [&](const Taking& taking) {
    return std::any_of(taking.fields.begin(), taking.fields.end(), which);
  });
}

bool grid_is_too_large(const Node& root, const SweepSpec& sweep, ProblemList& problems) {
  const std::int64_t cells = grid_size(sweep);
  if (cells <= kMaxTrials / sweep.seeds) return false;
  problems.add({"parameters"}, key_place_of(root, {sweep.parameters.empty() ? "seeds" : "parameters"}),
               absl::StrCat("the grid of ", cells, " cells with ", sweep.seeds, " seeds is larger than ",
                            kMaxTrials, " trials"),
               "sweep fewer values");
  return true;
}

}  // namespace

void check_cells(const Node& root, const SweepSpec& sweep, ProblemList& problems) {
  if (problems.touches({"seeds"}) || grid_is_too_large(root, sweep, problems)) return;
  // Where a value could not be read, what it would be combined with cannot be judged.
  if (problems.touches({"parameters"})) return;
  CellChecker checker(root, sweep, problems);
  if (!problems.touches({"features"}) && !takes_any(sweep, is_of_features)) checker.check_features();
  if (!problems.touches({"model"}) && !takes_any(sweep, is_of_model)) checker.check_model();
  if (problems.touches({"training"})) return;
  if (!takes_any(sweep, is_of_steps)) checker.check_training();
  if (!takes_any(sweep, is_of_masks)) checker.check_masks();
  if (!problems.touches({"model"}) && !takes_any(sweep, is_of_learning)) checker.check_learning();
}

absl::Status check_cells(const SweepSpec& sweep) {
  ProblemList problems({""});
  check_cells(Node{}, sweep, problems);
  if (problems.empty()) return absl::OkStatus();
  const Problem first = problems.sorted().front();
  return absl::InvalidArgumentError(
      Problem{.file = "", .message = first.message, .hint = first.hint}.to_string());
}

}  // namespace melsweep::spec
