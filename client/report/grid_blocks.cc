#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "client/report/chart_data.h"
#include "client/report/effects.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::StoryCell;
using results::SweepStory;

constexpr std::size_t kMostHeatMaps = 3;
constexpr std::size_t kMostRows = 500;

std::vector<std::string> categories_of(const Axis& axis) {
  std::vector<std::string> categories;
  for (const ParameterValue& value : axis.values) categories.push_back(name(to_text(value), 40));
  return categories;
}

// The place of a cell's value among the axis's; -1 where it has none.
int place_of(const Axis& axis, const StoryCell& cell) {
  const auto value = value_of(cell, axis.name);
  if (!value) return -1;
  const auto found = std::ranges::find(axis.values, to_text(*value),
                                       [](const ParameterValue& other) { return to_text(other); });
  return found == axis.values.end() ? -1 : static_cast<int>(found - axis.values.begin());
}

// Of each pair of values the best cell, whatever the other parameters are.
HeatMap heat_map(const SweepStory& sweep, const Axis& x, const Axis& y) {
  HeatMap map{.x_title = name(x.name),
              .x_categories = categories_of(x),
              .y_title = name(y.name),
              .y_categories = categories_of(y),
              .from_top = false,
              .cells = {}};
  std::map<std::pair<int, int>, bool> taken;
  for (const StoryCell& cell : sweep.cells) {
    const int at_x = place_of(x, cell);
    const int at_y = place_of(y, cell);
    if (at_x < 0 || at_y < 0 || !cell.summary.mean) continue;
    if (std::exchange(taken[{at_x, at_y}], true)) continue;
    map.cells.push_back(
        {.x = at_x, .y = at_y, .value = *cell.summary.mean, .text = measured(*cell.summary.mean)});
  }
  return map;
}

// `key`: of its table. `others`: more parameters than these two were swept.
Chart heat_chart(const SweepStory& sweep, const std::string& key, const Axis& x, const Axis& y, bool others) {
  const HeatMap map = heat_map(sweep, x, y);
  const std::string metric = metric_text(sweep.summary.objective_metric);
  const std::string title = absl::StrCat("Mean ", metric, " by ", map.x_title, " and ", map.y_title,
                                         others ? ", the best of the other settings" : "");
  DataTable table{
      .key = key, .caption = title, .columns = {absl::StrCat(map.y_title, " \\ ", map.x_title)}, .rows = {}};
  for (const std::string& category : map.x_categories) table.columns.push_back(category);
  for (std::size_t row = 0; row < map.y_categories.size(); ++row) {
    std::vector<Cell>& cells = table.rows.emplace_back(map.x_categories.size() + 1, empty_cell());
    cells.front() = text_cell(map.y_categories[row]);
  }
  const HeatCell* best = nullptr;
  for (const HeatCell& cell : map.cells) {
    table.rows[static_cast<std::size_t>(cell.y)][static_cast<std::size_t>(cell.x) + 1] =
        measured_cell(cell.value);
    const double sign = direction(sweep.summary);
    if (best == nullptr || sign * cell.value > sign * best->value) best = &cell;
  }
  std::string description = absl::StrCat("A heat map of ", metric, ".");
  if (best != nullptr) {
    absl::StrAppend(&description, " The best is ", best->text, " at ", map.x_title, " ",
                    map.x_categories[static_cast<std::size_t>(best->x)], " and ", map.y_title, " ",
                    map.y_categories[static_cast<std::size_t>(best->y)], ".");
  }
  return {.title = title,
          .description = std::move(description),
          .data = to_data(map),
          .height = std::clamp(170 + 46 * static_cast<int>(map.y_categories.size()), 230, 800),
          .table = std::move(table)};
}

Chart parallel_chart(const SweepStory& sweep, const std::vector<Axis>& axes) {
  ParallelChart chart;
  const std::string metric = metric_text(sweep.summary.objective_metric);
  DataTable table{.key = absl::StrCat("parallel-", sweep.summary.id.value),
                  .caption = "Each setting with what it tried",
                  .columns = {},
                  .rows = {}};
  for (const Axis& axis : axes) {
    chart.axes.push_back({.title = name(axis.name, 30), .categories = categories_of(axis)});
    table.columns.push_back(name(axis.name));
  }
  chart.axes.push_back({.title = metric, .categories = {}});
  table.columns.push_back(metric);
  for (const StoryCell& cell : sweep.cells) {
    if (!cell.summary.mean || chart.rows.size() == kMostRows) continue;
    std::vector<std::variant<double, std::string>> row;
    std::vector<Cell> cells;
    for (const Axis& axis : axes) {
      const ParameterValue value = value_of(cell, axis.name).value_or(ParameterValue(std::string()));
      row.emplace_back(name(to_text(value), 40));
      cells.push_back(setting_cell(value));
    }
    row.emplace_back(*cell.summary.mean);
    cells.push_back(measured_cell(*cell.summary.mean));
    chart.rows.push_back(std::move(row));
    table.rows.push_back(std::move(cells));
  }
  return {.title = absl::StrCat("All settings, coloured by ", metric),
          .description = absl::StrCat("Parallel coordinates: a line for each setting, through its values of ",
                                      counted(static_cast<std::int64_t>(axes.size())), " parameters to its ",
                                      metric, "."),
          .data = to_data(chart),
          .height = 380,
          .table = std::move(table)};
}

bool has_means(const SweepStory& sweep) {
  return std::ranges::any_of(sweep.cells,
                             [](const StoryCell& cell) { return cell.summary.mean.has_value(); });
}

}  // namespace

std::vector<Block> grid_blocks(const SweepStory& sweep) {
  const std::vector<Axis> axes = axes_of(sweep);
  if (axes.size() < 2 || !has_means(sweep)) return {};
  std::vector<Block> blocks;
  std::size_t maps = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    for (std::size_t j = i + 1; j < axes.size() && maps < kMostHeatMaps; ++j, ++maps) {
      const std::string key = absl::StrCat("heat-", sweep.summary.id.value, "-", maps + 1);
      blocks.emplace_back(heat_chart(sweep, key, axes[j], axes[i], axes.size() > 2));
    }
  }
  if (axes.size() > 2) blocks.emplace_back(parallel_chart(sweep, axes));
  return blocks;
}

}  // namespace melsweep::report
