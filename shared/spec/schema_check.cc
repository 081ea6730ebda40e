#include "shared/spec/schema_check.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/spec/schema_explanation.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;

const valijson::Schema& compiled_schema() {
  static const valijson::Schema* const schema = [] {
    auto* compiled = new valijson::Schema();
    const valijson::adapters::NlohmannJsonAdapter adapter(schema_json());
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, *compiled);
    return compiled;
  }();
  return *schema;
}

// {"<root>", "[parameters]", "[0]"} -> {"parameters", "0"}
Path path_from(const std::vector<std::string>& context) {
  Path path;
  for (std::size_t i = 1; i < context.size(); ++i)
    path.push_back(context[i].substr(1, context[i].size() - 2));
  return path;
}

}  // namespace

void check_schema(const Node& root, ProblemList& problems) {
  const json document = to_json(root);
  const valijson::adapters::NlohmannJsonAdapter target(document);
  valijson::ValidationResults results;
  try {
    valijson::Validator validator;
    if (validator.validate(compiled_schema(), target, &results)) return;
  } catch (const std::exception& error) {
    problems.add({}, root.place, absl::StrCat("the schema cannot be applied: ", error.what()));
    return;
  }
  explain(root, problems);
  for (const valijson::ValidationResults::Error& error : results) {
    const Path path = path_from(error.context);
    if (!problems.touches(path))
      problems.add(path, place_of(root, path), absl::StrCat(to_text(path), ": ", error.description));
  }
}

}  // namespace melsweep::spec
