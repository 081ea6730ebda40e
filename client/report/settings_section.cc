#include <map>

#include "absl/strings/str_cat.h"
#include "client/report/flat_settings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

std::map<std::string, std::string> settings_of(const SweepStory& sweep) {
  std::map<std::string, std::string> flat;
  if (sweep.cells.empty()) return flat;
  flat = flat_settings(sweep.cells.front().settings);
  for (const ParameterAxis& axis : sweep.spec.parameters) {
    std::vector<std::string> values;
    for (const ParameterValue& value : axis.values) values.push_back(to_text(value));
    if (values.size() > 1) flat[axis.path] = absl::StrCat("tried: ", listed(values));
  }
  return flat;
}

}  // namespace

Section settings_section(const results::Story& story) {
  std::vector<std::map<std::string, std::string>> settings;
  std::map<std::string, bool> paths;  // whether a sweep tried several values
  for (const SweepStory& sweep : story.sweeps) {
    settings.push_back(settings_of(sweep));
    for (const auto& [path, value] : settings.back()) paths[path] |= value.starts_with("tried: ");
  }
  DataTable table{
      .key = "settings", .caption = "Every setting of each sweep", .columns = {"setting"}, .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    table.columns.push_back(absl::StrCat("sweep ", sweep.summary.id.value, " ", name(sweep.summary.name)));
  }
  std::int64_t tried = 0;
  for (const auto& [path, is_tried] : paths) {
    tried += is_tried ? 1 : 0;
    std::vector<Cell>& row = table.rows.emplace_back();
    row.push_back(text_cell(name(path)));
    for (const auto& of_sweep : settings) {
      const auto value = of_sweep.find(path);
      row.push_back(text_cell(value == of_sweep.end() ? "" : name(value->second, 400)));
    }
  }
  const auto all = static_cast<std::int64_t>(paths.size());
  Section section{.id = "settings", .title = "What was set", .finding = "", .blocks = {}};
  section.finding =
      all == 0 ? "There are no trials yet, so that no settings are fixed."
               : absl::StrCat("Of ", counted(all, "setting"), " ", counted(tried),
                              tried == 1 ? " was" : " were", " tried with several values; the other ",
                              counted(all - tried), " were fixed in each sweep.");
  if (all > 0) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace melsweep::report
