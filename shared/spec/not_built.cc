#include "shared/spec/not_built.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

  // The text at this path must be among `words`; what the schema refused is left alone.
  void only(const Path& path, const Words& words) {
    const Node* node = find(root_, path);
    if (node == nullptr || node->kind != NodeKind::kText || problems_.touches(path)) return;
    if (std::ranges::find(words, node->text) != words.end()) return;
    problems_.add(path, node->place, absl::StrCat(to_text(path), " '", node->text, "' is not built yet"),
                  absl::StrCat("use '", absl::StrJoin(words, "' or '"), "'"));
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
  const Node& root_;
  ProblemList& problems_;
};

}  // namespace

void refuse_not_built(const Node& root, ProblemList& problems) {
  Refuser refuser(root, problems);
  refuser.only({"search", "method"}, built<SearchMethod>());
  refuser.drawing_options();
  refuser.only({"early_stopping", "method"}, {"none"});
  refuser.ranges();
}

}  // namespace melsweep::spec
