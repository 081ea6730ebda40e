#include "client/report/chart_data.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace melsweep::report {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json number_or_gap(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

}  // namespace

std::string to_data(const LineChart& chart) {
  json series = json::array();
  for (const Line& line : chart.lines) {
    json points = json::array();
    for (const auto& [x, y] : line.points) points.push_back({x, number_or_gap(y)});
    series.push_back(
        {{"name", line.name}, {"points", points}, {"style", line.style}, {"dash", line.is_dashed}});
  }
  json marks = json::array();
  for (const Mark& mark : chart.marks) marks.push_back({{"x", mark.x}, {"label", mark.label}});
  return text_of({{"kind", "lines"},
                  {"x", {{"title", chart.x_title}}},
                  {"y", {{"title", chart.y_title}}},
                  {"series", series},
                  {"marks", marks}});
}

std::string to_data(const BarChart& chart) {
  json series = json::array();
  for (const BarSeries& bars : chart.series) {
    series.push_back({{"name", bars.name}, {"values", bars.values}});
  }
  return text_of({{"kind", "bars"},
                  {"x", {{"title", chart.x_title}}},
                  {"categories", chart.categories},
                  {"stacked", chart.is_stacked},
                  {"series", series}});
}

std::string to_data(const HeatMap& chart) {
  json cells = json::array();
  double low = 0.0;
  double high = 0.0;
  for (const HeatCell& cell : chart.cells) {
    low = cells.empty() ? cell.value : std::min(low, cell.value);
    high = cells.empty() ? cell.value : std::max(high, cell.value);
    cells.push_back({cell.x, cell.y, cell.value, cell.text});
  }
  return text_of(
      {{"kind", "heat"},
       {"x", {{"title", chart.x_title}, {"categories", chart.x_categories}}},
       {"y", {{"title", chart.y_title}, {"categories", chart.y_categories}, {"down", chart.from_top}}},
       {"scale", {{"min", low}, {"max", high}}},
       {"cells", cells}});
}

std::string to_data(const ParallelChart& chart) {
  json axes = json::array();
  for (const ParallelAxis& axis : chart.axes) {
    json made = {{"title", axis.title}};
    if (!axis.categories.empty()) made["categories"] = axis.categories;
    axes.push_back(made);
  }
  json rows = json::array();
  for (const auto& row : chart.rows) {
    json made = json::array();
    for (const auto& value : row) std::visit([&made](const auto& held) { made.push_back(held); }, value);
    rows.push_back(made);
  }
  return text_of({{"kind", "parallel"}, {"axes", axes}, {"rows", rows}});
}

}  // namespace melsweep::report
