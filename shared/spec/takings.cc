#include "shared/spec/takings.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/spec/fields.h"

namespace melsweep::spec {
namespace {

bool is_among(const std::vector<std::string>& fields, std::string_view path) {
  return std::find(fields.begin(), fields.end(), path) != fields.end();
}

std::vector<std::string> in_order(const std::set<std::string>& fields) {
  std::vector<std::string> ordered;
  for (const Field<TrialSettings>& field : trial_fields()) {
    const std::string path(field.path);
    if (fields.contains(path)) ordered.push_back(path);
  }
  return ordered;
}

// Whether the item itself says what the field is, or sweeps it.
bool settles(const Node& item, const Field<TrialSettings>& field) {
  if (find(item, split_path(std::string(field.path))) != nullptr) return true;
  const Node* parameters = item.member("parameters");
  if (parameters == nullptr) return false;
  return std::any_of(parameters->members.begin(), parameters->members.end(),
                     [&](const Node::Member& member) { return find_trial_field(member.key) == &field; });
}

class TakingsReader {
 public:
  TakingsReader(const Node& item, std::span<const SweepSpec> earlier, ProblemList& problems)
      : item_(item), earlier_(earlier), problems_(problems) {}

  void read(const Path& path, const Node& entry) {
    const Node& name = *entry.member("sweep");
    const auto source = std::find_if(earlier_.begin(), earlier_.end(),
                                     [&](const SweepSpec& sweep) { return sweep.name == name.text; });
    if (source == earlier_.end()) return refuse_name(path, name);
    if (!named_.emplace(name.text).second) {
      problems_.add(path, name.place, absl::StrCat("from names the sweep '", name.text, "' twice"),
                    "name it once, with all that is to be taken");
      return;
    }
    const Node* take = entry.member("take");
    takings_.push_back({source->name, take != nullptr && take->kind == NodeKind::kList
                                          ? fields_named(path, *source, *take)
                                          : fields_left(*source, name)});
  }

  std::vector<Taking> result() && { return std::move(takings_); }

 private:
  void refuse_name(const Path& path, const Node& name) {
    std::vector<std::string> names;
    for (const SweepSpec& sweep : earlier_) names.push_back(sweep.name);
    std::string hint = did_you_mean(name.text, names);
    if (hint.empty()) {
      hint = names.empty() ? "the first sweep of a study cannot take anything"
                           : absl::StrCat("before it there are: ", absl::StrJoin(names, ", "));
    }
    problems_.add(path, name.place, absl::StrCat("no sweep before this one is called '", name.text, "'"),
                  std::move(hint));
  }

  std::vector<std::string> fields_named(const Path& path, const SweepSpec& source, const Node& take) {
    std::set<std::string> fields;
    for (const Node& entry : take.items) {
      const Field<TrialSettings>* field = find_trial_field(entry.text);
      if (field == nullptr) {
        problems_.add(path, entry.place, absl::StrCat("there is no field '", entry.text, "' to take"),
                      hint_for(entry.text));
        continue;
      }
      if (settles(item_, *field)) {
        problems_.add(path, entry.place,
                      absl::StrCat(std::string(field->path), " is both taken from '", source.name,
                                   "' and set by this sweep"),
                      "keep one of the two");
        continue;
      }
      if (take_once(path, entry, source, std::string(field->path))) fields.emplace(field->path);
    }
    return in_order(fields);
  }

  std::vector<std::string> fields_left(const SweepSpec& source, const Node& name) {
    std::set<std::string> fields;
    for (const std::string& path : fields_tried(source)) {
      if (settles(item_, *find_trial_field(path))) continue;
      if (take_once({"from"}, name, source, path)) fields.insert(path);
    }
    return in_order(fields);
  }

  bool take_once(const Path& path, const Node& at, const SweepSpec& source, const std::string& field) {
    const auto [taken, is_new] = taken_.emplace(field, source.name);
    if (!is_new) {
      problems_.add(
          path, at.place,
          absl::StrCat(field, " is taken twice: from '", taken->second, "' and from '", source.name, "'"),
          "name under take which fields are to come from each sweep");
    }
    return is_new;
  }

  static std::string hint_for(const std::string& word) {
    std::vector<std::string> names;
    for (const Field<TrialSettings>& field : trial_fields()) {
      names.emplace_back(field.path);
      names.emplace_back(last_word(field.path));
    }
    std::string hint = did_you_mean(word, names);
    return hint.empty() ? "a field of features, model or training can be taken" : hint;
  }

  const Node& item_;
  std::span<const SweepSpec> earlier_;
  ProblemList& problems_;
  std::vector<Taking> takings_;
  std::set<std::string> named_;
  std::map<std::string, std::string> taken_;  // field -> the sweep that it is taken from
};

// A list of one where there is no list.
std::span<const Node> entries_of(const Node& from) {
  if (from.kind == NodeKind::kList) return from.items;
  return {&from, 1};
}

std::optional<Taking> read_stored_taking(const Node& entry) {
  const Node* name = entry.member("sweep");
  const Node* take = entry.member("take");
  if (name == nullptr || take == nullptr) return std::nullopt;
  Taking taking{name->text, {}};
  for (const Node& item : take->items) {
    if (find_trial_field(item.text) == nullptr) return std::nullopt;
    taking.fields.push_back(item.text);
  }
  return taking;
}

}  // namespace

bool takes_field(const SweepSpec& sweep, std::string_view path) {
  return std::any_of(sweep.takes.begin(), sweep.takes.end(),
                     [&](const Taking& taking) { return is_among(taking.fields, path); });
}

std::vector<std::string> fields_tried(const SweepSpec& sweep) {
  std::set<std::string> fields;
  for (const ParameterAxis& axis : sweep.parameters) fields.insert(axis.path);
  for (const Taking& taking : sweep.takes) fields.insert(taking.fields.begin(), taking.fields.end());
  return in_order(fields);
}

std::vector<Taking> read_takings(const Node& item, std::span<const SweepSpec> earlier,
                                 ProblemList& problems) {
  const Node* from = item.member("from");
  if (from == nullptr) return {};
  TakingsReader reader(item, earlier, problems);
  for (const Node& entry : entries_of(*from)) reader.read({"from"}, entry);
  return std::move(reader).result();
}

std::vector<Taking> read_stored_takings(const Node& root, ProblemList& problems) {
  const Node* from = root.member("from");
  if (from == nullptr) return {};
  std::vector<Taking> takings;
  for (const Node& entry : entries_of(*from)) {
    if (std::optional<Taking> taking = read_stored_taking(entry)) {
      takings.push_back(*std::move(taking));
    } else {
      problems.add({"from"}, entry.place, "from must name sweeps and what is taken of each");
    }
  }
  return takings;
}

void take_over(const Taking& taking, const TrialSettings& winner, SweepSpec& sweep) {
  for (const std::string& path : taking.fields) {
    const Field<TrialSettings>* field = find_trial_field(path);
    [[maybe_unused]] const absl::Status status = field->write(sweep.base, field->read(winner));
    assert(status.ok());
  }
}

}  // namespace melsweep::spec
