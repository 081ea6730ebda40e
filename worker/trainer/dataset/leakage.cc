#include "worker/trainer/dataset/leakage.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "worker/trainer/dataset/first_few.h"

namespace melsweep::dataset {
namespace {

using SideOf = std::function<std::string(const Clip&)>;

// "recording 7: fold 1, fold 3"
std::string sides_of(const Straddler& recording, const SideOf& side_of) {
  std::set<std::string> sides;
  for (const Clip* clip : recording.clips) sides.insert(side_of(*clip));
  const std::vector<std::string> names(sides.begin(), sides.end());
  return absl::StrCat(recording.key, ": ", first_few(names.size(), [&](std::size_t i) { return names[i]; }));
}

// "a.wav in train = b.wav in test". The first clip, and then those on other sides before those on its own:
// where only some are named, both sides are.
std::string clips_of(const Straddler& content, const SideOf& side_of) {
  std::vector<const Clip*> clips = content.clips;
  const std::string first = side_of(*clips.front());
  std::stable_partition(clips.begin() + 1, clips.end(),
                        [&](const Clip* clip) { return side_of(*clip) != first; });
  const auto word = [&](std::size_t i) { return absl::StrCat(clips[i]->id, " in ", side_of(*clips[i])); };
  return first_few(clips.size(), word, " = ");
}

}  // namespace

std::vector<Straddler> find_straddlers(const std::vector<Clip>& clips,
                                       const std::function<std::string(const Clip&)>& side_of,
                                       const std::function<std::string(const Clip&)>& key_of) {
  std::map<std::string, std::vector<const Clip*>> by_key;
  for (const Clip& clip : clips) by_key[key_of(clip)].push_back(&clip);
  std::vector<Straddler> straddlers;
  for (auto& [key, sharing] : by_key) {
    const std::string first = side_of(*sharing.front());
    const bool straddles = std::any_of(sharing.begin(), sharing.end(),
                                       [&](const Clip* clip) { return side_of(*clip) != first; });
    if (straddles) straddlers.push_back({.key = key, .clips = std::move(sharing)});
  }
  return straddlers;
}

std::string split_name(Split split) {
  switch (split) {
    case Split::kTrain:
      return "train";
    case Split::kValidation:
      return "validation";
    case Split::kTest:
      return "test";
  }
  return "";
}

std::string side_name(const Clip& clip, bool cross_validation) {
  return cross_validation && clip.split != Split::kTest ? absl::StrCat("fold ", clip.fold)
                                                        : split_name(clip.split);
}

Leaks find_leaks(const std::vector<Clip>& clips, bool cross_validation) {
  const auto side_of = [&](const Clip& clip) { return side_name(clip, cross_validation); };
  const auto group_of = [](const Clip& clip) { return clip.group; };
  const auto content_of = [](const Clip& clip) { return clip.content_hash; };
  const auto recordings = find_straddlers(clips, side_of, group_of);
  const auto duplicates = find_straddlers(clips, side_of, content_of);
  Leaks leaks;
  if (!recordings.empty()) {
    std::set<std::string> groups;
    for (const Clip& clip : clips) groups.insert(clip.group);
    const auto word = [&](std::size_t i) { return sides_of(recordings[i], side_of); };
    leaks.recordings =
        absl::StrCat("clips of one recording stand on both sides of the split, for ", recordings.size(),
                     " of ", groups.size(), " recordings (", first_few(recordings.size(), word, "; "),
                     "), so validation hears what training heard and its accuracy is too high");
  }
  if (!duplicates.empty()) {
    const auto word = [&](std::size_t i) { return clips_of(duplicates[i], side_of); };
    leaks.duplicates = absl::StrCat("files of the same content stand on both sides of the split, ",
                                    duplicates.size(), duplicates.size() == 1 ? " time (" : " times (",
                                    first_few(duplicates.size(), word, "; "), ")");
  }
  return leaks;
}

bool are_unrelated(const Clip& one, const Clip& other) {
  return one.group != other.group && one.content_hash != other.content_hash;
}

std::string near_duplicate_leak(const std::vector<Clip>& clips, const NearDuplicates& found,
                                bool cross_validation) {
  const auto named = [&](std::size_t index) {
    return absl::StrCat(clips[index].id, " in ", side_name(clips[index], cross_validation));
  };
  const auto word = [&](std::size_t i) {
    return absl::StrCat(named(found.pairs[i].first), " ~ ", named(found.pairs[i].second));
  };
  const std::size_t pairs = found.pairs.size();
  const std::string left_out = not_compared(found);
  return absl::StrCat("clips of different recordings that sound the same stand on both sides of the split, ",
                      pairs, pairs == 1 ? " pair (" : " pairs (", first_few(pairs, word, "; "),
                      "): listen to them, and leave one of each pair out, or give both one group or fold",
                      left_out.empty() ? "" : absl::StrCat("; not compared: ", left_out));
}

std::string not_compared(const NearDuplicates& found) {
  std::string text;
  if (found.too_short > 0) text = absl::StrCat(found.too_short, " too short");
  if (found.too_even > 0)
    absl::StrAppend(&text, text.empty() ? "" : ", ", found.too_even, " too quiet or too even");
  return text;
}

}  // namespace melsweep::dataset
