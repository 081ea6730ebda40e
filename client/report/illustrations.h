// What there is to see and hear of clips.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/report/kept_archive.h"
#include "client/report/renderings.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// Mistakes that are shown, the surest first; each is a picture and a sound in the file.
inline constexpr std::size_t kMostMistakes = 60;

enum class View { kWaveform, kMel, kHertz, kOwn, kSound };  // kOwn: as the sweep's best trials have it

// A view of a clip.
struct Wanted {
  View view = View::kOwn;
  const results::StoryClip* clip = nullptr;
};

class Illustrations {
 public:
  // None, for this reason.
  static Illustrations none(std::string why);

  // With the best setting's features, from the data set in this folder. Where none can be made there are
  // none, and why() says for which reason.
  static Illustrations draw(const results::SweepStory& sweep, const std::vector<Wanted>& wanted,
                            const std::filesystem::path& data, Renderer& renderer);

  // Where the sweep was evaluated on test clips: what is missing of the own views and the sounds, as far as
  // its trial kept them beside its model. kept() tells what came of it.
  void add_kept(const results::SweepStory& sweep, const std::vector<Wanted>& wanted,
                const ArtifactPlaces& places);

  // Nothing where there is none.
  const Rendering* find(View view, const std::string& clip) const;

  // Of one clip: what the renderer said; empty where it said nothing.
  std::string error_of(const std::string& clip) const;

  const std::string& why() const { return why_; }

  // A sentence about what the trial kept, or why that is not here; empty where nobody looked for it.
  const std::string& kept() const { return kept_; }

 private:
  std::map<std::pair<View, std::string>, Rendering> renderings_;
  std::string why_;
  std::string kept_;
};

// Up to three clips of each class, from recordings that differ where there are such.
std::vector<const results::StoryClip*> example_clips(const results::StoryData& data);

// What a report shows: of the examples, and of the decisive sweep's mistakes.
std::vector<Wanted> wanted_views(const results::Story& story);

}  // namespace melsweep::report
