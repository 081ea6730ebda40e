// The same sound on both sides of a split.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "shared/model/dataset.h"
#include "worker/trainer/dataset/near_duplicates.h"

namespace melsweep::dataset {

// Something (a recording, a content) that stands on more than one side.
struct Straddler {
  std::string key;
  std::vector<const Clip*> clips;  // all that share the key, by id
};

// The straddlers among the clips, sorted by key. `side_of` names a clip's side, `key_of` what may stand on
// one side only.
std::vector<Straddler> find_straddlers(const std::vector<Clip>& clips,
                                       const std::function<std::string(const Clip&)>& side_of,
                                       const std::function<std::string(const Clip&)>& key_of);

// "train", "validation" or "test".
std::string split_name(Split split);

// The clip's side of the split that it carries, as people call it: "train"; with cross-validation the fold of
// a clip that is not for the test, "fold 3".
std::string side_name(const Clip& clip, bool cross_validation);

// What leaks through the split that the clips carry (with cross-validation: through the folds, whose number
// is the side of all clips that are not for test), each as a sentence fit for a warning; empty where nothing
// leaks.
struct Leaks {
  std::string recordings;  // groups on several sides: how many of how many, with examples
  std::string duplicates;  // files of the same content on several sides
};
Leaks find_leaks(const std::vector<Clip>& clips, bool cross_validation);

// Clips of different recordings and contents: what one of them being the other's near duplicate would add to
// what is known.
bool are_unrelated(const Clip& one, const Clip& other);

// Near duplicates on several sides, as such a sentence, which also says what to do. The pairs' indices are
// those of the clips; there is at least one.
std::string near_duplicate_leak(const std::vector<Clip>& clips, const NearDuplicates& found,
                                bool cross_validation);

// "3 too short, 1 too quiet or too even"; empty where every clip was compared.
std::string not_compared(const NearDuplicates& found);

}  // namespace melsweep::dataset
