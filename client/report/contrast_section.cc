#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/report/clip_cards.h"
#include "client/report/comparison_findings.h"
#include "client/report/comparison_report.h"
#include "client/report/flat_settings.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

constexpr std::size_t kMostRows = 1000;

// One of the two lists.
struct Contrasts {
  std::string letter;  // who is right
  const std::vector<ContrastedClip>& clips;
  bool is_often;  // over several trials of a setting
};

std::vector<Contrasts> both_lists(const Comparison& comparison) {
  const bool is_often =
      comparison.a.evaluation->trials.size() > 1 || comparison.b.evaluation->trials.size() > 1;
  return {{"A", comparison.only_a, is_often}, {"B", comparison.only_b, is_often}};
}

std::string said_text(const Said& said, bool is_often) {
  const std::string right =
      is_often ? absl::StrCat(", right in ", measured(said.right), " of its trials") : "";
  return absl::StrCat("taken for ", name(said.taken_for, 80), right, "; true class ",
                      measured(said.true_probability));
}

ClipCard card_of(const Contrasts& contrasts, const ContrastedClip& contrasted, bool has_same_features,
                 const ComparisonIllustrations& illustrations) {
  const std::string& clip = contrasted.clip->clip;
  ClipCard card;
  card.title = name(clip, 120);
  card.filter = name(contrasted.true_class, 80);
  card.facts = {{"true", card.filter},
                {"A", said_text(contrasted.a, contrasts.is_often)},
                {"B", said_text(contrasted.b, contrasts.is_often)}};
  add_spectrogram(illustrations.a, View::kOwn, clip, card);
  if (!has_same_features || card.pictures.empty()) add_spectrogram(illustrations.b, View::kOwn, clip, card);
  if (card.pictures.size() == 2) card.facts.emplace_back("pictures", "first as A has it, then as B does");
  add_sound(illustrations.a, clip, card);
  if (!card.sound) add_sound(illustrations.b, clip, card);
  if (card.pictures.empty()) add_error(illustrations.a, clip, card);
  return card;
}

DataTable table_of(const Contrasts& contrasts) {
  DataTable table{.key = absl::StrCat("only-", contrasts.letter),
                  .caption = absl::StrCat("Every clip that ", contrasts.letter, " alone is right about"),
                  .columns = {"clip", "true class", "A says", "B says", "true class's probability, A",
                              "true class's probability, B"},
                  .rows = {},
                  .folded = true};
  if (contrasts.is_often) {
    table.caption += " more often";
    table.columns.insert(table.columns.end(), {"right, A", "right, B"});
  }
  if (contrasts.clips.size() > kMostRows) absl::StrAppend(&table.caption, ", the first ", counted(kMostRows));
  for (std::size_t i = 0; i < std::min(kMostRows, contrasts.clips.size()); ++i) {
    const ContrastedClip& contrasted = contrasts.clips[i];
    table.rows.push_back(
        {text_cell(name(contrasted.clip->clip, 200)), text_cell(name(contrasted.true_class, 200)),
         text_cell(name(contrasted.a.taken_for, 200)), text_cell(name(contrasted.b.taken_for, 200)),
         measured_cell(contrasted.a.true_probability), measured_cell(contrasted.b.true_probability)});
    if (!contrasts.is_often) continue;
    table.rows.back().push_back(measured_cell(contrasted.a.right));
    table.rows.back().push_back(measured_cell(contrasted.b.right));
  }
  return table;
}

// From where pictures are, and why some are not: of each side once.
void add_availability(const ComparisonIllustrations& illustrations, std::vector<Block>& blocks) {
  const std::string of_a = availability(illustrations.a);
  const std::string of_b = availability(illustrations.b);
  if (!of_a.empty()) blocks.push_back(paragraph(of_a));
  if (!of_b.empty() && of_b != of_a) blocks.push_back(paragraph(of_b));
}

}  // namespace

std::vector<Wanted> contrasted_views(const Comparison& comparison) {
  std::vector<Wanted> wanted;
  for (const auto* clips : {&comparison.only_a, &comparison.only_b}) {
    for (std::size_t i = 0; i < std::min(kMostContrasts, clips->size()); ++i) {
      wanted.push_back({View::kOwn, (*clips)[i].clip});
      wanted.push_back({View::kSound, (*clips)[i].clip});
    }
  }
  return wanted;
}

bool has_same_features(const Comparison& comparison) {
  const auto features_of = [](const Side& side) {
    auto settings = flat_settings(side.sweep->cells.front().settings);
    std::erase_if(settings, [](const auto& setting) { return !setting.first.starts_with("features."); });
    return settings;
  };
  return features_of(comparison.a) == features_of(comparison.b);
}

ComparisonIllustrations illustrate(const Comparison& comparison, const std::filesystem::path& data_a,
                                   const std::filesystem::path& data_b, Renderer& renderer,
                                   const ArtifactPlaces& places) {
  std::vector<Wanted> wanted = contrasted_views(comparison);
  if (wanted.empty()) return {};
  ComparisonIllustrations made;
  made.a = Illustrations::draw(*comparison.a.sweep, wanted, data_a, renderer);
  made.a.add_kept(*comparison.a.sweep, wanted, places);
  if (has_same_features(comparison)) {
    std::erase_if(wanted,
                  [&made](const Wanted& one) { return made.a.find(one.view, one.clip->clip) != nullptr; });
  }
  made.b = Illustrations::draw(*comparison.b.sweep, wanted, data_b, renderer);
  made.b.add_kept(*comparison.b.sweep, wanted, places);
  return made;
}

Section contrast_section(const Comparison& comparison, const ComparisonIllustrations& illustrations) {
  Section section{.id = "clips",
                  .title = "What each hears that the other does not",
                  .finding = clips_finding(comparison),
                  .blocks = {}};
  if (!comparison.only_a.empty() || !comparison.only_b.empty())
    add_availability(illustrations, section.blocks);
  const bool is_same = has_same_features(comparison);
  for (const Contrasts& contrasts : both_lists(comparison)) {
    if (contrasts.clips.empty()) continue;
    section.blocks.emplace_back(Heading{
        absl::StrCat("Right in ", contrasts.letter, " alone", contrasts.is_often ? ", more often" : "")});
    const std::size_t shown = std::min(kMostContrasts, contrasts.clips.size());
    if (shown < contrasts.clips.size()) {
      section.blocks.push_back(
          paragraph(absl::StrCat("The ", shown, " on which they are furthest apart; the table has all.")));
    }
    ClipCards cards{.key = absl::StrCat("clips-", contrasts.letter), .cards = {}, .can_be_filtered = true};
    for (std::size_t i = 0; i < shown; ++i) {
      cards.cards.push_back(card_of(contrasts, contrasts.clips[i], is_same, illustrations));
    }
    section.blocks.emplace_back(std::move(cards));
    section.blocks.emplace_back(table_of(contrasts));
  }
  return section;
}

}  // namespace melsweep::report
