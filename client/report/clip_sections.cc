#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/report/clip_cards.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::StoryClip;
using results::SweepStory;

constexpr std::size_t kShownProbabilities = 3;

// The most probable classes, the first first.
std::string probabilities_text(const PooledEvaluation& evaluation, const std::vector<double>& probabilities) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < std::min(probabilities.size(), evaluation.classes.size()); ++i)
    order.push_back(i);
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return probabilities[i]; });
  std::string text;
  for (std::size_t i = 0; i < std::min(kShownProbabilities, order.size()); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", name(evaluation.classes[order[i]].class_name, 40), " ",
                    measured(probabilities[order[i]]));
  }
  return text;
}

ClipCard mistake_card(const PooledEvaluation& evaluation, const PooledPrediction& mistake,
                      const Illustrations& illustrations) {
  const results::StoryPrediction& prediction = mistake.prediction;
  const auto class_name = [&](int index) {
    return name(evaluation.classes[static_cast<std::size_t>(index)].class_name, 80);
  };
  ClipCard card;
  card.title = name(prediction.clip, 120);
  card.filter = class_name(prediction.true_index);
  card.facts = {{"true", class_name(prediction.true_index)},
                {"taken for", class_name(prediction.predicted_index)},
                {"most probable", probabilities_text(evaluation, prediction.probabilities)}};
  if (evaluation.trials.size() > 1) card.facts.emplace_back("trial", absl::StrCat(mistake.trial));
  add_spectrogram(illustrations, View::kOwn, prediction.clip, card);
  add_sound(illustrations, prediction.clip, card);
  add_error(illustrations, prediction.clip, card);
  return card;
}

double probability(const results::StoryPrediction& prediction, int index) {
  const auto place = static_cast<std::size_t>(index);
  return place < prediction.probabilities.size() ? prediction.probabilities[place] : std::nan("");
}

DataTable mistakes_table(const PooledEvaluation& evaluation) {
  DataTable table{.key = "mistakes",
                  .caption = "Every clip that was taken for another class",
                  .columns = {"trial", "clip", "true class", "taken for", "probability of the true class",
                              "probability of the other"},
                  .rows = {},
                  .folded = true};
  for (const PooledPrediction& mistake : evaluation.mistakes) {
    const results::StoryPrediction& prediction = mistake.prediction;
    const auto class_name = [&](int index) {
      return name(evaluation.classes[static_cast<std::size_t>(index)].class_name, 200);
    };
    table.rows.push_back({count_cell(mistake.trial), text_cell(name(prediction.clip, 200)),
                          text_cell(class_name(prediction.true_index)),
                          text_cell(class_name(prediction.predicted_index)),
                          measured_cell(probability(prediction, prediction.true_index)),
                          measured_cell(probability(prediction, prediction.predicted_index))});
  }
  return table;
}

std::string examples_finding(const SweepStory& sweep, const std::vector<const StoryClip*>& examples) {
  const auto [shortest, longest] = std::ranges::minmax(sweep.data.clips, {}, &StoryClip::duration_s);
  return absl::StrFormat(
      "%s of %d classes, each from another recording; the data's clips last %.2f to %.2f s.",
      counted(static_cast<std::int64_t>(examples.size()), "example"), sweep.data.classes.size(),
      shortest.duration_s, longest.duration_s);
}

}  // namespace

std::optional<Section> examples_section(const SweepStory& sweep, const Illustrations& illustrations) {
  const std::vector<const StoryClip*> examples = example_clips(sweep.data);
  if (examples.empty()) return std::nullopt;
  Section section{
      .id = "examples", .title = "How it sounds", .finding = examples_finding(sweep, examples), .blocks = {}};
  if (!illustrations.why().empty()) {
    section.blocks.push_back(paragraph(unavailable(illustrations)));
    return section;
  }
  section.blocks.push_back(paragraph(
      "Of each clip its waveform, its spectrogram in Hertz on a logarithmic axis, and the one in mel."));
  ClipCards cards{.key = "example-clips", .cards = {}, .can_be_filtered = true};
  for (const StoryClip* clip : examples) {
    ClipCard card;
    card.filter = name(sweep.data.classes[static_cast<std::size_t>(clip->class_index)].class_name, 80);
    card.title = absl::StrCat(card.filter, ": ", name(clip->clip, 120));
    add_waveform(illustrations, clip->clip, card);
    add_spectrogram(illustrations, View::kHertz, clip->clip, card);
    add_spectrogram(illustrations, View::kMel, clip->clip, card);
    add_error(illustrations, clip->clip, card);
    cards.cards.push_back(std::move(card));
  }
  section.blocks.emplace_back(std::move(cards));
  return section;
}

std::optional<Section> mistakes_section(const results::Story& story, const Illustrations& illustrations) {
  const SweepStory* const decisive = decisive_sweep(story);
  if (decisive == nullptr) return std::nullopt;
  const std::optional<PooledEvaluation> evaluation = pool(*decisive);
  if (!evaluation) return std::nullopt;
  Section section{
      .id = "mistakes", .title = "What it got wrong", .finding = mistakes_finding(*evaluation), .blocks = {}};
  if (evaluation->mistakes.empty()) return section;
  if (std::string text = availability(illustrations); !text.empty())
    section.blocks.push_back(paragraph(text));
  ClipCards cards{.key = "mistaken-clips", .cards = {}, .can_be_filtered = true};
  const std::size_t shown = std::min(kMostMistakes, evaluation->mistakes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    cards.cards.push_back(mistake_card(*evaluation, evaluation->mistakes[i], illustrations));
  }
  if (shown < evaluation->mistakes.size()) {
    section.blocks.push_back(paragraph(absl::StrCat("The ", shown, " surest mistakes; the table has all.")));
  }
  section.blocks.emplace_back(std::move(cards));
  section.blocks.emplace_back(mistakes_table(*evaluation));
  return section;
}

}  // namespace melsweep::report
