#include "worker/trainer/inception/js_literal.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace melsweep::inception {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 64;

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

bool is_base64_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/';
}

// Recursive descent. After the first problem every call gives up at once; `problem` then says what and where.
class Parser {
 public:
  Parser(std::string_view text, std::size_t begin) : text_(text), at_(std::min(begin, text.size())) {}

  absl::StatusOr<Json> parse() {
    Json value = read_value(0);
    if (!problem_.empty()) return absl::InvalidArgumentError(problem_);
    return value;
  }

 private:
  Json read_value(int depth) {
    if (depth > kMaxDepth) return fail("nested too deeply");
    skip_blanks();
    switch (peek()) {
      case '{':
        return read_object(depth);
      case '[':
        return read_list(depth);
      case '"':
      case '\'':
        return read_string();
      default:
        return read_word();
    }
  }

  Json read_object(int depth) {
    Json object = Json::object();
    ++at_;
    for (skip_blanks(); problem_.empty() && peek() != '}'; skip_blanks()) {
      const bool quoted = peek() == '"' || peek() == '\'';
      const std::string key = quoted ? read_string() : read_name();
      if (key.empty() && !quoted) return fail("a key was expected");
      skip_blanks();
      if (!take(':')) return fail("':' was expected");
      object[key] = read_value(depth + 1);
      if (!end_of_item('}')) return fail("',' or '}' was expected");
    }
    ++at_;
    return object;
  }

  Json read_list(int depth) {
    Json list = Json::array();
    ++at_;
    for (skip_blanks(); problem_.empty() && peek() != ']'; skip_blanks()) {
      list.push_back(read_value(depth + 1));
      if (!end_of_item(']')) return fail("',' or ']' was expected");
    }
    ++at_;
    return list;
  }

  std::string read_string() {
    const char quote = peek();
    std::string content;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
        static constexpr std::string_view kLiteral = "\"'\\/";
        if (at_ == text_.size() || kLiteral.find(text_[at_]) == std::string_view::npos) {
          fail("an escape that is not understood");
          return {};
        }
      }
      content.push_back(text_[at_]);
    }
    if (!take(quote)) fail("a string without an end");
    return content;
  }

  std::string read_name() {
    const std::size_t begin = at_;
    while (is_name_character(peek())) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // true, false, null and what minifiers write for them, or a number.
  Json read_word() {
    static constexpr std::pair<std::string_view, int> kTruths[] = {
        {"!0", 1}, {"!1", 0}, {"true", 1}, {"false", 0}};
    for (const auto& [word, truth] : kTruths) {
      if (take_word(word)) return truth == 1;
    }
    if (take_word("null") || take_word("void 0")) return nullptr;
    return read_number();
  }

  Json read_number() {
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    std::int64_t whole = 0;
    const auto [whole_end, whole_error] = std::from_chars(begin, end, whole);
    double number = 0.0;
    const auto [number_end, number_error] = std::from_chars(begin, end, number);
    if (number_error != std::errc() || (number_end != end && is_name_character(*number_end))) {
      return fail("a value that is not understood");
    }
    at_ += static_cast<std::size_t>(number_end - begin);
    if (whole_error == std::errc() && whole_end == number_end) return whole;
    return number;
  }

  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    if (at_ + word.size() < text_.size() && is_name_character(text_[at_ + word.size()])) return false;
    at_ += word.size();
    return true;
  }

  // Past a comma; or before the closing bracket.
  bool end_of_item(char close) {
    skip_blanks();
    return take(',') || peek() == close;
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    while (std::isspace(static_cast<unsigned char>(peek())) != 0) ++at_;
  }

  Json fail(const char* what) {
    if (problem_.empty()) problem_ = absl::StrCat(what, " at byte ", at_);
    return nullptr;
  }

  std::string_view text_;
  std::size_t at_;
  std::string problem_;
};

}  // namespace

absl::StatusOr<Json> parse_js_literal(std::string_view text, std::size_t begin) {
  return Parser(text, begin).parse();
}

absl::StatusOr<Json> find_js_object(std::string_view text, const std::string& key) {
  for (const char* quote : {"", "\"", "'"}) {
    const std::size_t found = text.find(absl::StrCat("{", quote, key, quote, ":"));
    if (found != std::string_view::npos) return parse_js_literal(text, found);
  }
  return absl::InvalidArgumentError(absl::StrCat("there is no object that starts with the key ", key));
}

absl::StatusOr<std::string> find_base64(std::string_view text) {
  std::string_view longest;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char quote = text[at];
    if (quote != '"' && quote != '\'' && quote != '`') continue;
    std::size_t end = at + 1;
    while (end < text.size() && is_base64_digit(text[end])) ++end;
    while (end < text.size() && text[end] == '=') ++end;
    if (end < text.size() && text[end] == quote && end - at - 1 > longest.size()) {
      longest = text.substr(at + 1, end - at - 1);
    }
    at = end - 1;  // what ended the run may itself be a quote
  }
  std::string decoded;
  if (longest.empty() || !absl::Base64Unescape(absl::string_view(longest.data(), longest.size()), &decoded)) {
    return absl::InvalidArgumentError("there is no base64 text in it");
  }
  return decoded;
}

}  // namespace melsweep::inception
