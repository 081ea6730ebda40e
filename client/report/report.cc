#include "client/report/report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

std::string subtitle(const results::Story& story, const Circumstances& circumstances) {
  std::int64_t trials = 0;
  for (const results::SweepStory& sweep : story.sweeps) trials += sweep.summary.trials_finished;
  const auto sweeps = static_cast<std::int64_t>(story.sweeps.size());
  return absl::StrCat(
      story.study.empty() ? sweep_text(story.sweeps.front().summary) : counted(sweeps, "sweep"), ", ",
      counted(trials, "finished trial"), "; read at ", circumstances.made_at, ".");
}

}  // namespace

Document make_report(const results::Story& story, const Illustrations& illustrations,
                     const Circumstances& circumstances) {
  const std::string& title = story.study.empty() ? story.sweeps.front().summary.name : story.study;
  Document document{.title = name(title, 120), .subtitle = subtitle(story, circumstances), .sections = {}};
  std::vector<Section>& sections = document.sections;
  sections.push_back(overview_section(story));
  sections.push_back(data_section(story));
  if (auto examples = examples_section(story.sweeps.front(), illustrations)) {
    sections.push_back(*std::move(examples));
  }
  for (const results::SweepStory& sweep : story.sweeps) sections.push_back(sweep_section(sweep));
  if (auto classes = classes_section(story)) sections.push_back(*std::move(classes));
  if (auto confusion = confusion_section(story)) sections.push_back(*std::move(confusion));
  if (auto mistakes = mistakes_section(story, illustrations)) sections.push_back(*std::move(mistakes));
  sections.push_back(settings_section(story));
  sections.push_back(timing_section(story, circumstances));
  sections.push_back(honesty_section(story));
  sections.push_back(repeat_section(story, circumstances));
  return document;
}

}  // namespace melsweep::report
