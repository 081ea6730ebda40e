// What there is to see and hear of a story's clips.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/report/renderings.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// Mistakes that are shown, the surest first; each is a picture and a sound in the file.
inline constexpr std::size_t kMostMistakes = 60;

enum class View { kWaveform, kMel, kHertz, kOwn, kSound };  // kOwn: as the decisive trials have it

class Illustrations {
 public:
  // None, for this reason.
  static Illustrations none(std::string why);

  // Of the examples and of the mistakes, from the data set in this folder. Where none can be made there are
  // none, and why() says for which reason.
  static Illustrations make(const results::Story& story, const std::filesystem::path& data,
                            Renderer& renderer);

  // Nothing where there is none.
  const Rendering* find(View view, const std::string& clip) const;

  // Of one clip: what the renderer said; empty where it said nothing.
  std::string error_of(const std::string& clip) const;

  const std::string& why() const { return why_; }

 private:
  std::map<std::pair<View, std::string>, Rendering> renderings_;
  std::string why_;
};

// Up to three clips of each class, from recordings that differ where there are such.
std::vector<const results::StoryClip*> example_clips(const results::StoryData& data);

}  // namespace melsweep::report
