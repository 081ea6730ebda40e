#include "client/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/report/findings.h"
#include "client/report/sections.h"

namespace melsweep::report {
namespace {

using results::ClipVerdict;
using results::StoryClip;
using results::SweepStory;

using Verdicts = std::vector<ClipVerdict>;

bool has_result(const SweepStory* sweep) {
  return sweep != nullptr && !sweep->cells.empty() && sweep->cells.front().summary.mean;
}

// The last one with a result that was evaluated on this part.
const SweepStory* last_on(const results::Story& story, Split split) {
  const SweepStory* last = nullptr;
  for (const SweepStory& sweep : story.sweeps) {
    if (sweep.spec.evaluate == split && has_result(&sweep)) last = &sweep;
  }
  return last;
}

const SweepStory* told_by(const results::Story& story) {
  const SweepStory* const decisive = decisive_sweep(story);
  return has_result(decisive) ? decisive : nullptr;
}

void put_on_the_same_part(Side& side, const Side& other) {
  if (side.sweep == nullptr || other.sweep == nullptr) return;
  if (side.sweep->spec.evaluate != Split::kTest || other.sweep->spec.evaluate == Split::kTest) return;
  if (const SweepStory* sweep = last_on(*side.story, other.sweep->spec.evaluate)) side.sweep = sweep;
}

std::set<std::string> class_names(const SweepStory& sweep) {
  std::set<std::string> names;
  for (const results::ClassCounts& counts : sweep.data.classes) names.insert(counts.class_name);
  return names;
}

std::map<std::string, const StoryClip*> clips_of(const SweepStory& sweep) {
  std::map<std::string, const StoryClip*> clips;
  for (const StoryClip& clip : sweep.data.clips) clips.emplace(clip.clip, &clip);
  return clips;
}

// Those about clips that A has too, with the same sound in them.
Verdicts shared_verdicts(const SweepStory& b, const std::map<std::string, const StoryClip*>& clips_of_a) {
  const auto own = clips_of(b);
  Verdicts shared;
  std::ranges::copy_if(b.cells.front().verdicts, std::back_inserter(shared), [&](const ClipVerdict& verdict) {
    const auto in_a = clips_of_a.find(verdict.clip);
    const auto in_b = own.find(verdict.clip);
    return in_a != clips_of_a.end() && in_b != own.end() &&
           in_a->second->content_hash == in_b->second->content_hash;
  });
  return shared;
}

// What a side said of each clip: the predictions of all trials of its best setting.
std::map<std::string, Said> said_by(const Side& side) {
  struct Sum {
    std::map<int, int> taken;
    double right = 0.0;
    double probability = 0.0;
    double trials = 0.0;
  };
  std::map<std::string, Sum> sums;
  for (const results::StoryEvaluation& evaluation : side.sweep->evaluations) {
    if (evaluation.split != side.evaluation->split) continue;
    for (const results::StoryPrediction& prediction : evaluation.predictions) {
      Sum& sum = sums[prediction.clip];
      ++sum.taken[prediction.predicted_index];
      sum.right += prediction.predicted_index == prediction.true_index ? 1.0 : 0.0;
      const auto truth = static_cast<std::size_t>(prediction.true_index);
      const bool is_told = truth < prediction.probabilities.size();
      const double probability = is_told ? prediction.probabilities[truth] : 0.0;
      if (std::isfinite(probability)) sum.probability += probability;
      sum.trials += 1.0;
    }
  }
  std::map<std::string, Said> said;
  for (const auto& [clip, sum] : sums) {
    const auto most = std::ranges::max_element(sum.taken, {}, &std::pair<const int, int>::second)->first;
    const auto place = static_cast<std::size_t>(most);
    const std::vector<ClassMetrics>& classes = side.evaluation->classes;
    said[clip] = {.right = sum.right / sum.trials,
                  .taken_for = place < classes.size() ? classes[place].class_name : "",
                  .true_probability = sum.probability / sum.trials};
  }
  return said;
}

void sort_by_contrast(std::vector<ContrastedClip>& clips) {
  std::ranges::stable_sort(clips, std::ranges::greater(), [](const ContrastedClip& clip) {
    return std::abs(clip.a.true_probability - clip.b.true_probability);
  });
}

void contrast(const Verdicts& shared, const std::map<std::string, const StoryClip*>& clips,
              Comparison& comparison) {
  const auto a = said_by(comparison.a);
  const auto b = said_by(comparison.b);
  double of_a = 0.0;
  double of_b = 0.0;
  double count = 0.0;
  for (const ClipVerdict& verdict : shared) {
    const auto in_a = a.find(verdict.clip);
    const auto in_b = b.find(verdict.clip);
    if (in_a == a.end() || in_b == b.end()) continue;
    of_a += in_a->second.right;
    of_b += in_b->second.right;
    count += 1.0;
    if (in_a->second.right == 0.0 && in_b->second.right == 0.0) ++comparison.both_wrong;
    if (in_a->second.right == in_b->second.right) continue;
    const StoryClip* const clip = clips.at(verdict.clip);
    const auto index = static_cast<std::size_t>(clip->class_index);
    const std::vector<results::ClassCounts>& classes = comparison.a.sweep->data.classes;
    ContrastedClip contrasted{.clip = clip,
                              .true_class = index < classes.size() ? classes[index].class_name : "",
                              .a = in_a->second,
                              .b = in_b->second};
    const bool is_a = contrasted.a.right > contrasted.b.right;
    (is_a ? comparison.only_a : comparison.only_b).push_back(std::move(contrasted));
  }
  if (count > 0.0) {
    comparison.a_right = of_a / count;
    comparison.b_right = of_b / count;
  }
  sort_by_contrast(comparison.only_a);
  sort_by_contrast(comparison.only_b);
}

}  // namespace

Comparison compare(const results::Story& a, const results::Story& b) {
  Comparison comparison;
  comparison.a = {.letter = "A", .story = &a, .sweep = told_by(a), .evaluation = {}};
  comparison.b = {.letter = "B", .story = &b, .sweep = told_by(b), .evaluation = {}};
  put_on_the_same_part(comparison.a, comparison.b);
  put_on_the_same_part(comparison.b, comparison.a);
  for (Side* side : {&comparison.a, &comparison.b}) {
    if (side->sweep != nullptr) side->evaluation = pool(*side->sweep);
  }
  if (comparison.a.sweep == nullptr || comparison.b.sweep == nullptr) return comparison;
  comparison.has_same_classes = class_names(*comparison.a.sweep) == class_names(*comparison.b.sweep);
  if (!comparison.has_same_classes || !comparison.a.evaluation || !comparison.b.evaluation) return comparison;
  const auto clips = clips_of(*comparison.a.sweep);
  const Verdicts shared = shared_verdicts(*comparison.b.sweep, clips);
  const Verdicts& of_a = comparison.a.sweep->cells.front().verdicts;
  comparison.difference = differences_to_best(std::vector<const Verdicts*>{&of_a, &shared}).back();
  if (comparison.difference.clips > 0) contrast(shared, clips, comparison);
  return comparison;
}

const results::SweepSummary& compared_sweep(const Side& side) {
  return side.sweep != nullptr ? side.sweep->summary : side.story->sweeps.back().summary;
}

std::string side_text(const Side& side) {
  return absl::StrCat(side.letter, " (", sweep_text(compared_sweep(side)), ")");
}

}  // namespace melsweep::report
