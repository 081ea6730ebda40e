#include "shared/spec/scalar.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace melsweep::spec {
namespace {

constexpr std::size_t kMaxShown = 40;

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

std::size_t digits_at(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
  return end - begin;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool looks_like_number(std::string_view text) {
  text = without_sign(text);
  const std::size_t whole = digits_at(text, 0);
  std::size_t at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (whole + fraction == 0) return false;
    at += 1 + fraction;
  } else if (whole == 0) {
    return false;
  }
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  return all_digits(without_sign(text.substr(at + 1)));
}

bool read_integer(std::string_view text, std::int64_t& value) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0o")) {
    base = text[1] == 'x' ? 16 : 8;
    text.remove_prefix(2);
  } else if (text[0] == '+') {
    text.remove_prefix(1);
  }
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

bool looks_like_integer(std::string_view text) {
  if (text.starts_with("0x")) {
    return text.size() > 2 && std::all_of(text.begin() + 2, text.end(), absl::ascii_isxdigit);
  }
  if (text.starts_with("0o")) {
    return text.size() > 2 &&
           std::all_of(text.begin() + 2, text.end(), [](char c) { return c >= '0' && c <= '7'; });
  }
  return all_digits(without_sign(text));
}

void make_unreadable(Node& node, const char* what) {
  node.kind = NodeKind::kUnreadable;
  node.text = absl::StrCat("the number ", node.text.substr(0, kMaxShown), " ", what);
}

// A number with a point or an exponent; JSON Schema, too, counts 1e4 and 5.0 among the whole numbers.
void resolve_fraction(std::string_view text, Node& node) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  node.kind = NodeKind::kNumber;
  if (text[0] == '+') text.remove_prefix(1);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), node.number);
  if (result.ec != std::errc{} || !std::isfinite(node.number)) {
    make_unreadable(node, "is out of the range of a double");
  } else if (std::trunc(node.number) == node.number && std::abs(node.number) < kTwoTo63) {
    node.kind = NodeKind::kInteger;
    node.integer = static_cast<std::int64_t>(node.number);
  }
}

}  // namespace

void resolve_scalar(std::string_view text, Node& node) {
  node.text = std::string(text);
  if (is_any_of(text, {"", "~", "null", "Null", "NULL"})) {
    node.kind = NodeKind::kNull;
  } else if (is_any_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    node.kind = NodeKind::kBoolean;
    node.boolean = text[0] == 't' || text[0] == 'T';
  } else if (looks_like_integer(text)) {
    node.kind = NodeKind::kInteger;
    if (!read_integer(text, node.integer)) make_unreadable(node, "is too large");
  } else if (is_any_of(without_sign(text), {".inf", ".Inf", ".INF"}) ||
             is_any_of(text, {".nan", ".NaN", ".NAN"})) {
    make_unreadable(node, "is not finite");
  } else if (looks_like_number(text)) {
    resolve_fraction(text, node);
  } else {
    node.kind = NodeKind::kText;
  }
}

bool needs_quotes(std::string_view text) {
  // Only words that no YAML reader takes for anything else go without quotes; the ones after the first line
  // are booleans to readers of YAML 1.1.
  const auto plain = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '/' || c == '.' || c == '-';
  };
  if (text.empty() || !absl::ascii_isalpha(static_cast<unsigned char>(text[0]))) return true;
  if (!std::all_of(text.begin(), text.end(), plain)) return true;
  const std::string lower = absl::AsciiStrToLower(std::string(text));
  return is_any_of(lower, {"null", "true", "false", "yes", "no", "on", "off", "y", "n"});
}

}  // namespace melsweep::spec
