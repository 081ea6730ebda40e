#include "client/output/table.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "client/output/terminal.h"
#include "shared/model/sweep.h"

namespace melsweep::output {
namespace {

bool is_number(const CellValue& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) ||
         std::holds_alternative<Setting>(value);
}

// As a person reads it.
std::string to_display(const CellValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::monostate>) return "";
        if constexpr (std::is_same_v<T, bool>) return held ? "yes" : "no";
        if constexpr (std::is_same_v<T, std::int64_t>) return absl::StrCat(held);
        if constexpr (std::is_same_v<T, double>) return absl::StrFormat("%.4f", held);
        if constexpr (std::is_same_v<T, Setting>) return to_text(ParameterValue(held.value));
        if constexpr (std::is_same_v<T, std::string>) return printable(held);
      },
      value);
}

// JSON has no NaN and no infinity.
nlohmann::ordered_json number_to_json(double number) {
  return std::isfinite(number) ? nlohmann::ordered_json(number) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json to_json(const CellValue& value) {
  return std::visit(
      [](const auto& held) -> nlohmann::ordered_json {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<T, double>) {
          return number_to_json(held);
        } else if constexpr (std::is_same_v<T, Setting>) {
          return number_to_json(held.value);
        } else {
          return held;
        }
      },
      value);
}

nlohmann::ordered_json to_json(const std::vector<std::string>& columns, const std::vector<CellValue>& row) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (std::size_t c = 0; c < columns.size(); ++c) object[columns[c]] = to_json(row[c]);
  return object;
}

// Text that is no UTF-8 is shown with replacement characters rather than refused.
std::string dump(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string to_csv(const CellValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (text->find_first_of(",\"\r\n") == std::string::npos) return *text;
    return absl::StrCat("\"", absl::StrReplaceAll(*text, {{"\"", "\"\""}}), "\"");
  }
  const nlohmann::ordered_json json = to_json(value);
  return json.is_null() ? "" : json.dump();
}

std::string pad(const std::string& text, std::size_t width, bool right) {
  const std::size_t used = display_width(text);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return right ? blanks + text : text + blanks;
}

}  // namespace

std::optional<OutputFormat> parse_output_format(std::string_view text) {
  if (text == "table") return OutputFormat::kTable;
  if (text == "json") return OutputFormat::kJson;
  if (text == "csv") return OutputFormat::kCsv;
  return std::nullopt;
}

std::string csv_line(const std::vector<CellValue>& row) {
  std::string line;
  for (std::size_t c = 0; c < row.size(); ++c) absl::StrAppend(&line, c == 0 ? "" : ",", to_csv(row[c]));
  return line + "\r\n";
}

std::string json_line(const std::vector<std::string>& columns, const std::vector<CellValue>& row) {
  return dump(to_json(columns, row), -1);
}

void Table::add_row(std::vector<CellValue> row) {
  assert(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

std::string Table::render(OutputFormat format) const {
  switch (format) {
    case OutputFormat::kJson:
      return render_json();
    case OutputFormat::kCsv:
      return render_csv();
    case OutputFormat::kTable:
      break;
  }
  return render_table();
}

std::string Table::render_table() const {
  std::vector<std::string> lines(rows_.size() + 1);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::vector<std::string> texts = {columns_[c]};
    bool right = false;
    bool any = rows_.empty();
    for (const auto& row : rows_) {
      texts.push_back(to_display(row[c]));
      right |= is_number(row[c]);
      any |= !texts.back().empty();
    }
    if (!any) continue;
    std::size_t width = 0;
    for (const std::string& text : texts) width = std::max(width, display_width(text));
    for (std::size_t r = 0; r < texts.size(); ++r) {
      if (!lines[r].empty()) lines[r] += "  ";
      lines[r] += pad(texts[r], width, right);
    }
  }
  std::string text;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

std::string Table::render_json() const {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const auto& row : rows_) array.push_back(to_json(columns_, row));
  return dump(array, 2);
}

std::string Table::render_csv() const {
  std::string text = csv_line({columns_.begin(), columns_.end()});
  for (const auto& row : rows_) text += csv_line(row);
  return text;
}

}  // namespace melsweep::output
