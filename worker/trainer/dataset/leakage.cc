#include "worker/trainer/dataset/leakage.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace melsweep::dataset {
namespace {

constexpr std::size_t kExamples = 5;

std::string examples(const std::vector<Straddler>& straddlers,
                     const std::function<std::string(const Straddler&)>& describe) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(straddlers.size(), kExamples); ++i)
    words.push_back(describe(straddlers[i]));
  if (straddlers.size() > kExamples)
    words.push_back(absl::StrCat("and ", straddlers.size() - kExamples, " more"));
  return absl::StrJoin(words, "; ");
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

Leaks find_leaks(const std::vector<Clip>& clips, bool cross_validation) {
  const auto side_of = [&](const Clip& clip) {
    return cross_validation && clip.split != Split::kTest ? absl::StrCat("fold ", clip.fold)
                                                          : split_name(clip.split);
  };
  const auto group_of = [](const Clip& clip) { return clip.group; };
  const auto content_of = [](const Clip& clip) { return clip.content_hash; };
  const auto recordings = find_straddlers(clips, side_of, group_of);
  const auto duplicates = find_straddlers(clips, side_of, content_of);
  Leaks leaks;
  if (!recordings.empty()) {
    std::set<std::string> groups;
    for (const Clip& clip : clips) groups.insert(clip.group);
    leaks.recordings =
        absl::StrCat("clips of one recording stand on both sides of the split, for ", recordings.size(),
                     " of ", groups.size(), " recordings (",
                     examples(recordings,
                              [&](const Straddler& recording) {
                                std::set<std::string> sides;
                                for (const Clip* clip : recording.clips) sides.insert(side_of(*clip));
                                return absl::StrCat(recording.key, ": ", absl::StrJoin(sides, ", "));
                              }),
                     "), so validation hears what training heard and its accuracy is too high");
  }
  if (!duplicates.empty()) {
    leaks.duplicates = absl::StrCat(
        "files of the same content stand on both sides of the split, ", duplicates.size(),
        duplicates.size() == 1 ? " time (" : " times (",
        examples(duplicates,
                 [&](const Straddler& content) {
                   return absl::StrJoin(content.clips, " = ", [&](std::string* out, const Clip* clip) {
                     absl::StrAppend(out, clip->id, " in ", side_of(*clip));
                   });
                 }),
        ")");
  }
  return leaks;
}

}  // namespace melsweep::dataset
