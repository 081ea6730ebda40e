#include "client/report/illustrations.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/report/findings.h"
#include "client/report/pooled_evaluation.h"
#include "client/report/sections.h"

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

RenderingKind kind_of(View view) {
  if (view == View::kWaveform) return RenderingKind::kWaveform;
  return view == View::kSound ? RenderingKind::kSound : RenderingKind::kSpectrogram;
}

// `mark`: begins the ids, so that they are their own among those of several lists.
std::vector<RenderingWish> wishes_for(const SweepStory& sweep, const std::vector<Wanted>& wanted,
                                      const fs::path& data, const char* mark) {
  std::vector<RenderingWish> wishes;
  for (const Wanted& one : wanted) {
    RenderingWish wish;
    wish.id = absl::StrCat(mark, sweep.summary.id.value, "-", wishes.size());
    wish.kind = kind_of(one.view);
    wish.path = (data / one.clip->clip).string();
    wish.clip = one.clip->clip;
    wish.sha256 = one.clip->content_hash;
    wish.features = features_of(sweep, one.view == View::kMel     ? "mel"
                                       : one.view == View::kHertz ? "hertz"
                                                                  : nullptr);
    if (one.view == View::kWaveform) wish.width = 300;
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

// The finished run of the sweep's best setting, whose trial was tested; none where none was.
const results::StoryRun* tested_run(const SweepStory& sweep) {
  const std::optional<PooledEvaluation> evaluation = pool(sweep);
  if (!evaluation || evaluation->split != "test") return nullptr;
  const auto run = std::ranges::find(sweep.runs, evaluation->trials.front(), &results::StoryRun::trial);
  return run == sweep.runs.end() ? nullptr : &*run;
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

std::vector<Wanted> wanted_views(const results::Story& story) {
  const SweepStory* const decisive = decisive_sweep(story);
  if (decisive == nullptr) return {};
  std::vector<Wanted> wanted;
  for (const StoryClip* clip : example_clips(story.sweeps.front().data)) {
    for (const View view : {View::kWaveform, View::kHertz, View::kMel}) wanted.push_back({view, clip});
  }
  const std::optional<PooledEvaluation> evaluation = pool(*decisive);
  std::set<std::string> taken;  // several trials may be wrong about a clip
  for (std::size_t i = 0; evaluation && i < std::min(kMostMistakes, evaluation->mistakes.size()); ++i) {
    const std::string& mistake = evaluation->mistakes[i].prediction.clip;
    const auto clip = std::ranges::find(decisive->data.clips, mistake, &StoryClip::clip);
    if (clip == decisive->data.clips.end() || !taken.insert(mistake).second) continue;
    wanted.push_back({View::kOwn, &*clip});
    wanted.push_back({View::kSound, &*clip});
  }
  return wanted;
}

Illustrations Illustrations::none(std::string why) {
  Illustrations illustrations;
  illustrations.why_ = std::move(why);
  return illustrations;
}

Illustrations Illustrations::draw(const SweepStory& sweep, const std::vector<Wanted>& wanted,
                                  const fs::path& data, Renderer& renderer) {
  if (wanted.empty()) return {};
  std::error_code error;
  const fs::path folder = fs::absolute(data, error);
  if (error || !fs::is_directory(folder, error)) {
    return none(absl::StrCat("the data set's folder ", data.string(),
                             " is not on this machine (--data DIR names another)"));
  }
  absl::StatusOr<std::vector<Rendering>> renderings = renderer.render(wishes_for(sweep, wanted, folder, "r"));
  if (!renderings.ok()) return none(std::string(renderings.status().message()));
  Illustrations illustrations;
  for (std::size_t i = 0; i < renderings->size(); ++i) {
    illustrations.renderings_[{wanted[i].view, wanted[i].clip->clip}] = std::move((*renderings)[i]);
  }
  return illustrations;
}

void Illustrations::add_kept(const SweepStory& sweep, const std::vector<Wanted>& wanted,
                             const ArtifactPlaces& places) {
  std::vector<Wanted> missing;
  for (const Wanted& one : wanted) {
    const bool is_kept = one.view == View::kOwn || one.view == View::kSound;
    if (is_kept && find(one.view, one.clip->clip) == nullptr) missing.push_back(one);
  }
  const results::StoryRun* const run = tested_run(sweep);
  if (missing.empty() || run == nullptr) return;
  const std::string trial = absl::StrCat("trial ", run->trial, " of ", sweep_text(sweep.summary));
  const std::string because = why_.empty() ? "" : absl::StrCat(", because ", why_);
  const auto path = find_archive(run->checkpoint, places);
  absl::StatusOr<KeptArchive> archive = path.ok() ? KeptArchive::open(*path) : path.status();
  if (!archive.ok()) {
    kept_ = absl::StrCat("Pictures and sounds", why_.empty() ? " of some clips" : "",
                         " are not available here", because, "; what ", trial,
                         " kept of its mistakes is not either: ", archive.status().message(), ".");
    return;
  }
  kept_ = absl::StrCat(
      "Pictures and sounds", why_.empty() ? " that the data set's folder does not give any more" : "",
      " are those that ", trial, " kept of its mistakes beside its model, ", path->string(), because, ". ",
      archive->is_hashed() ? "Each agrees with its SHA-256 in the archive"
                           : "The archive is of an earlier version and has no hashes",
      ", and its clip with that in the database.");
  const absl::StatusOr<std::vector<Rendering>> kept = archive->render(wishes_for(sweep, missing, "", "k"));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    Rendering& rendering = renderings_[{missing[i].view, missing[i].clip->clip}];
    // What the data set's folder had to say of it says more.
    if ((*kept)[i].error.empty() || rendering.error.empty()) rendering = (*kept)[i];
  }
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
