#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "client/report/flat_settings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

using Settings = std::map<std::string, std::string>;  // by path

constexpr char kTried[] = "tried: ";

Settings settings_of(const SweepStory& sweep) {
  Settings flat;
  if (sweep.cells.empty()) return flat;
  flat = flat_settings(sweep.cells.front().settings);
  for (const ParameterAxis& axis : sweep.spec.parameters) {
    std::vector<std::string> values;
    for (const ParameterValue& value : axis.values) values.push_back(to_text(value));
    if (values.size() > 1) flat[axis.path] = absl::StrCat(kTried, listed(values));
  }
  return flat;
}

Cell value_cell(const Settings& settings, const std::string& path) {
  const auto value = settings.find(path);
  return text_cell(value == settings.end() ? "(default)" : name(value->second, 400));
}

// Whether no sweep tried several values, and all have the same one.
bool is_common(const std::vector<Settings>& settings, const std::string& path) {
  const std::string first = value_cell(settings.front(), path).text;
  return !first.starts_with(kTried) && std::ranges::all_of(settings, [&](const Settings& of_sweep) {
    return value_cell(of_sweep, path).text == first;
  });
}

// Of several sweeps: what is the same in all of them, and what is not.
std::vector<DataTable> tables_of(const results::Story& story, const std::vector<Settings>& settings,
                                 const std::set<std::string>& paths) {
  DataTable common{.key = "settings-common",
                   .caption = "What is the same in every sweep",
                   .columns = {"setting", "value"},
                   .rows = {}};
  DataTable own{.key = "settings",
                .caption = story.sweeps.size() > 1 ? "What the sweeps differ in, or tried" : "Every setting",
                .columns = {"setting"},
                .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    own.columns.push_back(absl::StrCat("sweep ", sweep.summary.id.value, " ", name(sweep.summary.name)));
  }
  for (const std::string& path : paths) {
    if (settings.size() > 1 && is_common(settings, path)) {
      common.rows.push_back({text_cell(name(path)), value_cell(settings.front(), path)});
      continue;
    }
    std::vector<Cell>& row = own.rows.emplace_back();
    row.push_back(text_cell(name(path)));
    for (const Settings& of_sweep : settings) row.push_back(value_cell(of_sweep, path));
  }
  std::vector<DataTable> tables;
  if (!own.rows.empty()) tables.push_back(std::move(own));
  if (!common.rows.empty()) tables.push_back(std::move(common));
  return tables;
}

}  // namespace

Section settings_section(const results::Story& story) {
  std::vector<Settings> settings;
  std::set<std::string> paths;
  std::set<std::string> tried;
  for (const SweepStory& sweep : story.sweeps) {
    settings.push_back(settings_of(sweep));
    for (const auto& [path, value] : settings.back()) {
      paths.insert(path);
      if (value.starts_with(kTried)) tried.insert(path);
    }
  }
  const auto all = static_cast<std::int64_t>(paths.size());
  const auto several = static_cast<std::int64_t>(tried.size());
  Section section{.id = "settings", .title = "What was set", .finding = "", .blocks = {}};
  section.finding =
      all == 0 ? "There are no trials yet, so that no settings are fixed."
               : absl::StrCat("Of ", counted(all, "setting"), " ", counted(several),
                              several == 1 ? " was" : " were", " tried with several values; the other ",
                              counted(all - several), " were fixed in each sweep.");
  for (DataTable& table : tables_of(story, settings, paths)) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace melsweep::report
