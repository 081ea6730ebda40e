// Rows under named columns, for people (an aligned table), for programs (JSON) and for spreadsheets (CSV).
// The names of the columns and the types of their values are promised: scripts rely on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace melsweep::output {

enum class OutputFormat { kTable, kJson, kCsv };

// "table", "json", "csv".
std::optional<OutputFormat> parse_output_format(std::string_view text);

// A number that somebody chose, such as a learning rate: a table shows it in its shortest form, 0.00001 as
// 1e-05, and not with the four decimals of a measured one.
struct Setting {
  double value = 0.0;
};

// std::monostate: no value (blank in a table and in CSV, null in JSON).
using CellValue = std::variant<std::monostate, bool, std::int64_t, double, Setting, std::string>;

// A row by itself: RFC 4180 with its line end; an object and a newline.
std::string csv_line(const std::vector<CellValue>& row);
std::string json_line(const std::vector<std::string>& columns, const std::vector<CellValue>& row);

class Table {
 public:
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  // One value for each column.
  void add_row(std::vector<CellValue> row);

  bool empty() const { return rows_.empty(); }

  // Ends with a newline. JSON: an array of objects. CSV: RFC 4180 with a heading. Table: numbers to the
  // right, measured ones with four decimals, columns without any value left out, control characters made
  // harmless.
  std::string render(OutputFormat format) const;

 private:
  std::string render_table() const;
  std::string render_json() const;
  std::string render_csv() const;

  std::vector<std::string> columns_;
  std::vector<std::vector<CellValue>> rows_;
};

}  // namespace melsweep::output
