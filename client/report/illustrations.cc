#include "client/report/illustrations.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/report/findings.h"
#include "client/report/pooled_evaluation.h"

namespace melsweep::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using results::StoryClip;
using results::SweepStory;

// So many examples in all fit into a file that can be mailed.
constexpr std::size_t kMostExamples = 45;
constexpr std::size_t kExamplesPerClass = 3;

std::string features_of(const SweepStory& sweep, const char* representation) {
  if (sweep.cells.empty()) return "";
  json settings = json::parse(sweep.cells.front().settings, nullptr, /*allow_exceptions=*/false);
  if (!settings.is_object() || !settings.contains("features")) return "";
  json features = settings["features"];
  if (representation != nullptr) features["representation"] = representation;
  return features.dump(-1, ' ', false, json::error_handler_t::replace);
}

// A list of wishes, and what each is of.
class Wishes {
 public:
  Wishes(const SweepStory& sweep, fs::path data) : sweep_(sweep), data_(std::move(data)) {}

  void add(View view, const StoryClip& clip) {
    const auto wanted = std::pair(view, clip.clip);
    if (std::ranges::find(keys, wanted) != keys.end()) return;
    RenderingWish wish;
    wish.id = absl::StrCat("r-", list.size());
    wish.kind = view == View::kWaveform ? RenderingKind::kWaveform
                : view == View::kSound  ? RenderingKind::kSound
                                        : RenderingKind::kSpectrogram;
    wish.path = (data_ / clip.clip).string();
    wish.sha256 = clip.content_hash;
    wish.features = features_of(sweep_, view == View::kMel     ? "mel"
                                        : view == View::kHertz ? "hertz"
                                                               : nullptr);
    if (view == View::kWaveform) wish.width = 300;
    list.push_back(std::move(wish));
    keys.push_back(wanted);
  }

  std::vector<RenderingWish> list;
  std::vector<std::pair<View, std::string>> keys;

 private:
  const SweepStory& sweep_;
  fs::path data_;
};

void add_mistakes(const SweepStory& sweep, Wishes& wishes) {
  const std::optional<PooledEvaluation> evaluation = pool(sweep);
  if (!evaluation) return;
  const std::size_t shown = std::min(kMostMistakes, evaluation->mistakes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto clip =
        std::ranges::find(sweep.data.clips, evaluation->mistakes[i].prediction.clip, &StoryClip::clip);
    if (clip == sweep.data.clips.end()) continue;
    wishes.add(View::kOwn, *clip);
    wishes.add(View::kSound, *clip);
  }
}

}  // namespace

std::vector<const StoryClip*> example_clips(const results::StoryData& data) {
  const std::size_t per_class =
      data.classes.size() * kExamplesPerClass <= kMostExamples ? kExamplesPerClass : std::size_t{1};
  std::vector<const StoryClip*> examples;
  for (std::size_t i = 0; i < std::min(kMostExamples, data.classes.size()); ++i) {
    std::vector<const StoryClip*> of_class;
    std::vector<std::string> recordings;
    for (const StoryClip& clip : data.clips) {
      if (clip.class_index != static_cast<int>(i)) continue;
      if (std::ranges::find(recordings, clip.recording) != recordings.end()) continue;
      recordings.push_back(clip.recording);
      of_class.push_back(&clip);
    }
    for (std::size_t k = 0; k < std::min(per_class, of_class.size()); ++k) {
      examples.push_back(of_class[k * of_class.size() / std::min(per_class, of_class.size())]);
    }
  }
  return examples;
}

Illustrations Illustrations::none(std::string why) {
  Illustrations illustrations;
  illustrations.why_ = std::move(why);
  return illustrations;
}

Illustrations Illustrations::make(const results::Story& story, const fs::path& data, Renderer& renderer) {
  const SweepStory* const decisive = decisive_sweep(story);
  if (decisive == nullptr) return none("no trial has finished, so that there are no settings to draw with");
  std::error_code error;
  const fs::path folder = fs::absolute(data, error);
  if (error || !fs::is_directory(folder, error)) {
    return none(absl::StrCat("the data set's folder ", data.string(),
                             " is not on this machine (--data DIR names another)"));
  }
  Wishes wishes(*decisive, folder);
  for (const StoryClip* clip : example_clips(story.sweeps.front().data)) {
    for (const View view : {View::kWaveform, View::kHertz, View::kMel}) wishes.add(view, *clip);
  }
  add_mistakes(*decisive, wishes);
  absl::StatusOr<std::vector<Rendering>> renderings = renderer.render(wishes.list);
  if (!renderings.ok()) return none(std::string(renderings.status().message()));
  Illustrations illustrations;
  for (std::size_t i = 0; i < renderings->size(); ++i) {
    illustrations.renderings_[wishes.keys[i]] = std::move((*renderings)[i]);
  }
  return illustrations;
}

const Rendering* Illustrations::find(View view, const std::string& clip) const {
  const auto found = renderings_.find({view, clip});
  return found == renderings_.end() || !found->second.error.empty() ? nullptr : &found->second;
}

std::string Illustrations::error_of(const std::string& clip) const {
  for (const auto& [key, rendering] : renderings_) {
    if (key.second == clip && !rendering.error.empty()) return rendering.error;
  }
  return "";
}

}  // namespace melsweep::report
