#include "client/report/curve_chart.h"

#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

// Each line a column, each step a row.
DataTable table_of(const std::string& key, const std::string& caption, const std::vector<Line>& lines) {
  DataTable table{.key = key, .caption = caption, .columns = {"step"}, .rows = {}};
  std::map<double, std::vector<Cell>> rows;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    table.columns.push_back(lines[i].name);
    for (const auto& [step, value] : lines[i].points) {
      std::vector<Cell>& row = rows[step];
      row.resize(lines.size(), empty_cell());
      row[i] = measured_cell(value);
    }
  }
  for (auto& [step, row] : rows) {
    row.insert(row.begin(), count_cell(std::llround(step)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Chart curve_chart(Curves curves) {
  const bool is_loss = curves.measure == "loss";
  const std::string title = absl::StrCat(is_loss ? "Loss" : "Accuracy", " over the steps",
                                         curves.by.empty() ? "" : " by ", curves.by);
  DataTable table = table_of(curves.key, absl::StrCat(title, ", ", curves.of), curves.lines);
  const LineChart chart{.x_title = "step",
                        .y_title = is_loss ? "loss (nats)" : curves.measure,
                        .lines = std::move(curves.lines),
                        .marks = std::move(curves.marks)};
  return {.title = title,
          .description = std::move(curves.description),
          .data = to_data(chart),
          .height = 380,
          .table = std::move(table)};
}

}  // namespace melsweep::report
