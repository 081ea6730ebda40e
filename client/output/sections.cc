#include "client/output/sections.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace melsweep::output {

std::string render_sections(const std::vector<Section>& sections, OutputFormat format) {
  if (format == OutputFormat::kJson) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const Section& section : sections) {
      object[section.key] = nlohmann::ordered_json::parse(section.table.render(OutputFormat::kJson));
    }
    return object.dump(2) + "\n";
  }
  std::string text;
  for (const Section& section : sections) {
    if (section.table.empty()) continue;
    absl::StrAppend(&text, text.empty() ? "" : "\n", section.title, "\n",
                    section.table.render(OutputFormat::kTable));
  }
  return text;
}

}  // namespace melsweep::output
