#include "client/report/text.h"

#include <cmath>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "client/output/code_points.h"

namespace melsweep::report {
namespace {

constexpr char kReplacement[] = "\xEF\xBF\xBD";   // U+FFFD
constexpr char kEllipsis[] = "\xE2\x80\xA6";      // U+2026
constexpr char kIsolate[] = "\xE2\x81\xA8";       // U+2068
constexpr char kEndOfIsolate[] = "\xE2\x81\xA9";  // U+2069

// Of the last digit shown: what a value may be off by and still be halfway. A float's own error is less.
constexpr double kHalfway = 1e-4;

bool steers_direction(char32_t value) {
  return (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069) || value == 0x200E ||
         value == 0x200F || value == 0x061C;
}

// A number whose text is short for all the digits of its value.
Cell number_cell(std::string text, double value) {
  if (!std::isfinite(value)) return {.text = "", .value = "", .is_number = true};
  return {.text = std::move(text), .value = to_text(ParameterValue(value)), .is_number = true};
}

}  // namespace

std::string fixed(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  const double units = std::floor(std::abs(value) * scale + 0.5 + kHalfway);
  return absl::StrFormat("%s%.*f", value < 0.0 && units > 0.0 ? "-" : "", digits, units / scale);
}

std::string signed_fixed(double value, int digits) {
  std::string text = fixed(value, digits);
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  return value > 0.0 && !is_zero ? absl::StrCat("+", text) : text;
}

std::string measured(double value) {
  if (!std::isfinite(value)) return "not a number";
  if (value != 0.0 && std::abs(value) < 0.0005) return absl::StrFormat("%.1e", value);
  return fixed(value, 3);
}

std::string points(double difference) {
  return absl::StrCat(fixed(difference * 100.0, 1), " points");
}

std::string counted(std::int64_t count) {
  const std::string digits = absl::StrCat(count < 0 ? -count : count);
  std::string text = count < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string counted(std::int64_t count, std::string_view noun) {
  return absl::StrCat(counted(count), " ", std::string(noun), count == 1 ? "" : "s");
}

std::string seconds_text(double seconds) {
  if (seconds < 60.0) return absl::StrCat(fixed(seconds, 1), " s");
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole < 3600) return absl::StrFormat("%d min %02d s", whole / 60, whole % 60);
  return absl::StrFormat("%d h %02d min", whole / 3600, whole % 3600 / 60);
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char* between = i == 0 ? "" : i + 1 == words.size() ? " and " : ", ";
    absl::StrAppend(&text, between, words[i]);
  }
  return text;
}

std::string name(std::string_view raw, std::size_t longest) {
  std::string text;
  bool is_ascii = true;
  for (std::size_t taken = 0; !raw.empty(); ++taken) {
    if (taken == longest) {
      text += kEllipsis;
      break;
    }
    const output::CodePoint point = output::first_code_point(raw);
    if (point.value > 0x7F) is_ascii = false;
    if (output::is_control(point.value) || steers_direction(point.value) || point.value == 0xFFFD) {
      text += kReplacement;
      is_ascii = false;
    } else {
      text += raw.substr(0, point.bytes);
    }
    raw.remove_prefix(point.bytes);
  }
  return is_ascii ? text : absl::StrCat(kIsolate, text, kEndOfIsolate);
}

std::string metric_text(std::string_view metric) {
  return absl::StrReplaceAll(name(metric), {{"/", " "}});
}

std::string parameters_text(const std::vector<Parameter>& parameters) {
  if (parameters.empty()) return "as given";
  std::string text;
  for (const Parameter& parameter : parameters) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", name(parameter.name), " ",
                    name(to_text(parameter.value)));
  }
  return text;
}

Block paragraph(std::string text) {
  return Paragraph{std::move(text)};
}

Cell text_cell(std::string text) {
  return {.text = std::move(text), .value = "", .is_number = false};
}

Cell count_cell(std::int64_t count) {
  return {.text = counted(count), .value = absl::StrCat(count), .is_number = true};
}

Cell measured_cell(double value) {
  return number_cell(measured(value), value);
}

Cell points_cell(double difference) {
  return number_cell(signed_fixed(difference * 100.0, 1), difference);
}

Cell change_cell(double difference) {
  return number_cell(signed_fixed(difference, 3), difference);
}

Cell seconds_cell(double seconds) {
  return number_cell(fixed(seconds, 1), seconds);
}

Cell setting_cell(const ParameterValue& value) {
  const bool is_number = std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
  const std::string text = to_text(value);
  return {.text = name(text, 200), .value = is_number ? text : "", .is_number = is_number};
}

Cell empty_cell() {
  return {.text = "", .value = "", .is_number = true};
}

}  // namespace melsweep::report
