#include "shared/spec/parameters.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "shared/spec/fields.h"
#include "shared/spec/value_json.h"

namespace melsweep::spec {
namespace {

class AxesReader {
 public:
  AxesReader(const Node& root, ProblemList& problems) : root_(root), problems_(problems) {}

  void read(const Node::Member& member) {
    const Path path = {"parameters", member.key};
    const Field<TrialSettings>* field = find_trial_field(member.key);
    if (field == nullptr || !is_only_one(member, *field) || problems_.touches(path)) return;
    ParameterAxis axis{.name = member.key, .path = std::string(field->path), .values = {}};
    std::set<ParameterValue> seen;
    for (std::size_t i = 0; i < member.value.items.size(); ++i) {
      read_value(*field, {"parameters", member.key, absl::StrCat(i)}, member.value.items[i], axis, seen);
    }
    if (!problems_.touches(path)) axes_.push_back(std::move(axis));
  }

  std::vector<ParameterAxis> take() && { return std::move(axes_); }

 private:
  bool is_only_one(const Node::Member& member, const Field<TrialSettings>& field) {
    const Path path = {"parameters", member.key};
    for (const auto& [other, path_of_other] : swept_) {
      if (path_of_other != field.path) continue;
      problems_.add(
          path, member.key_place,
          absl::StrCat(std::string(field.path), " is swept twice: '", other, "' and '", member.key, "'"),
          "keep one of the two");
      return false;
    }
    swept_.emplace_back(member.key, field.path);
    const Path given = split_path(std::string(field.path));
    if (find(root_, given) != nullptr) {
      problems_.add(
          path, std::max(key_place_of(root_, given), member.key_place),
          absl::StrCat(std::string(field.path), " is both given and swept by parameters.", member.key),
          "keep one of the two");
      return false;
    }
    return true;
  }

  void read_value(const Field<TrialSettings>& field, const Path& path, const Node& node, ParameterAxis& axis,
                  std::set<ParameterValue>& seen) {
    TrialSettings settings;
    if (absl::Status status = field.write(settings, to_json(node)); !status.ok()) {
      problems_.add(path, node.place, absl::StrCat(to_text(path), " ", status.message()));
      return;
    }
    ParameterValue value = to_parameter_value(field.read(settings));
    if (!seen.insert(value).second) {
      problems_.add(path, node.place, absl::StrCat(to_text(path), " repeats ", melsweep::to_text(value)),
                    "name each value only once");
      return;
    }
    axis.values.push_back(std::move(value));
  }

  const Node& root_;
  ProblemList& problems_;
  std::vector<ParameterAxis> axes_;
  std::vector<std::pair<std::string, std::string_view>> swept_;
};

}  // namespace

std::vector<ParameterAxis> read_parameters(const Node& root, ProblemList& problems) {
  const Node* parameters = root.member("parameters");
  if (parameters == nullptr) return {};
  AxesReader reader(root, problems);
  for (const Node::Member& member : parameters->members) reader.read(member);
  return std::move(reader).take();
}

absl::Status set_parameter(const std::string& name, const ParameterValue& value, TrialSettings& settings) {
  const Field<TrialSettings>* field = find_trial_field(name);
  if (field == nullptr) return absl::InvalidArgumentError(absl::StrCat("there is no field '", name, "'"));
  absl::Status status = field->write(settings, from_parameter_value(value));
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat(name, " ", status.message()));
}

}  // namespace melsweep::spec
