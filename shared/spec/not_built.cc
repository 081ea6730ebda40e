#include "shared/spec/not_built.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/spec/fields.h"
#include "shared/spec/names.h"

namespace melsweep::spec {
namespace {

using Words = std::vector<std::string>;

template <class E>
Words built() {
  Words words;
  for (const Named<E>& named : Names<E>::kAll) words.emplace_back(named.name);
  return words;
}

class Refuser {
 public:
  Refuser(const Node& root, ProblemList& problems) : root_(root), problems_(problems) {}

  // The texts at and below this path must be among `words`; what the schema refused is left alone.
  void only(const Path& path, const Words& words) {
    if (const Node* node = find(root_, path); node != nullptr) only(path, *node, words, to_text(path));
  }

  // The same for a field of a trial, given or swept.
  void only_field(const std::string& dotted, const Words& words) {
    only(split_path(dotted), words);
    const Node* parameters = root_.member("parameters");
    if (parameters == nullptr) return;
    for (const Node::Member& member : parameters->members) {
      const Field<TrialSettings>* field = find_trial_field(member.key);
      if (field != nullptr && field->path == dotted)
        only({"parameters", member.key}, member.value, words, dotted);
    }
  }

  void ranges() {
    const Node* parameters = root_.member("parameters");
    if (parameters == nullptr) return;
    for (const Node::Member& member : parameters->members) {
      const Path path = {"parameters", member.key};
      if (member.value.kind != NodeKind::kMap || problems_.touches(path)) continue;
      problems_.add(path, member.value.place, absl::StrCat(to_text(path), ": ranges are not built yet"),
                    "list the values to try, such as [0.005, 0.01, 0.05]");
    }
  }

  // The grid takes neither a number of trials nor a seed.
  void drawing_options() {
    const Node* method = find(root_, {"search", "method"});
    if (method == nullptr || method->text != name_of(SearchMethod::kGrid)) return;
    for (const char* key : {"max_trials", "seed"}) {
      const Path path = {"search", key};
      if (find(root_, path) == nullptr) continue;
      problems_.add(path, key_place_of(root_, path),
                    absl::StrCat(to_text(path), " has no meaning with method: grid"), "leave it out");
    }
  }

 private:
  void only(const Path& path, const Node& node, const Words& words, const std::string& name) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      Path below = path;
      below.push_back(absl::StrCat(i));
      only(below, node.items[i], words, name);
    }
    if (node.kind != NodeKind::kText || problems_.touches(path)) return;
    for (const std::string& word : words) {
      if (word == node.text) return;
    }
    problems_.add(path, node.place, absl::StrCat(name, " '", node.text, "' is not built yet"),
                  absl::StrCat("use '", absl::StrJoin(words, "' or '"), "'"));
  }

  const Node& root_;
  ProblemList& problems_;
};

}  // namespace

void refuse_not_built(const Node& root, ProblemList& problems) {
  Refuser refuser(root, problems);
  refuser.only({"search", "method"}, built<SearchMethod>());
  refuser.drawing_options();
  refuser.only({"early_stopping", "method"}, {"none"});
  Words augmentations = built<Augmentation>();
  augmentations.insert(augmentations.begin(), "none");
  refuser.only_field("training.augmentation", augmentations);
  refuser.ranges();
}

}  // namespace melsweep::spec
