#include "shared/spec/source_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace melsweep::spec {
namespace {

constexpr std::size_t kMaxKey = 1024;
constexpr std::size_t kNowhere = std::string_view::npos;

bool is_blank(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || is_blank(line[i - 1]))) return line.substr(0, i);
  }
  return line;
}

}  // namespace

SourceText::SourceText(std::string_view text, int source) : text_(text), source_(source), lines_{0} {
  characters_.reserve(text.size() + 1);
  std::uint32_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    characters_.push_back(characters);
    const bool continues = (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
    if (!continues) ++characters;
    if (text[i] == '\n') lines_.push_back(i + 1);
  }
  characters_.push_back(characters);
}

std::size_t SourceText::line_of(std::size_t offset) const {
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  return static_cast<std::size_t>(after - lines_.begin()) - 1;
}

Place SourceText::place_at(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const std::size_t line = line_of(offset);
  const std::uint32_t before = characters_[offset] - characters_[lines_[line]];
  return {source_, static_cast<int>(line) + 1, static_cast<int>(before) + 1};
}

std::string_view SourceText::tag_at(std::size_t offset) const {
  while (at(offset) == '&' || at(offset) == '!') {
    std::size_t end = offset;
    while (end < text_.size() && !is_blank(text_[end])) ++end;
    if (at(offset) == '!') return text_.substr(offset, end - offset);
    while (end < text_.size() && is_blank(text_[end])) ++end;
    offset = end;
  }
  return {};
}

std::size_t SourceText::behind_properties(std::size_t offset) const {
  while (at(offset) == '&' || at(offset) == '!') {
    while (offset < text_.size() && !is_blank(text_[offset])) ++offset;
    while (offset < text_.size() && is_blank(text_[offset])) ++offset;
  }
  return offset;
}

std::size_t SourceText::closing_quote(std::size_t opening) const {
  const char quote = at(opening);
  for (std::size_t i = opening + 1; i < text_.size(); ++i) {
    const bool escape = quote == '"' ? text_[i] == '\\' : text_[i] == quote && at(i + 1) == quote;
    if (escape) {
      ++i;
    } else if (text_[i] == quote) {
      return i;
    }
  }
  return kNowhere;
}

std::optional<std::size_t> SourceText::unclosed_quote(std::size_t offset) const {
  const std::size_t begin = behind_properties(offset);
  if (at(begin) != '\'' && at(begin) != '"') return std::nullopt;
  return closing_quote(begin) == kNowhere ? std::optional(begin) : std::nullopt;
}

bool SourceText::could_be_null(std::size_t offset) const {
  return offset < text_.size() && std::string_view("~nN&").find(text_[offset]) != kNowhere;
}

std::size_t SourceText::behind_colon(std::size_t key) const {
  std::size_t i = behind_properties(key);
  const bool quoted = at(i) == '\'' || at(i) == '"';
  if (quoted) i = std::min(closing_quote(i), text_.size());
  const std::size_t last = std::min(text_.size(), key + kMaxKey);
  for (; i < last && text_[i] != '\n'; ++i) {
    const char next = at(i + 1);
    const bool ends =
        i + 1 >= text_.size() || is_blank(next) || std::string_view(",[]{}").find(next) != kNowhere;
    if (text_[i] == ':' && (ends || quoted)) return i + 1;
  }
  return key;
}

std::size_t SourceText::dash_before(std::size_t offset) const {
  std::size_t end = std::min(offset, text_.size());
  for (std::size_t line = line_of(end) + 1; line-- > 0;) {
    const std::string_view content = without_comment(text_.substr(lines_[line], end - lines_[line]));
    if (!std::all_of(content.begin(), content.end(), is_blank)) {
      const std::size_t dash = content.rfind('-');
      return dash == kNowhere ? offset : lines_[line] + dash;
    }
    end = lines_[line];
  }
  return offset;
}

std::optional<std::size_t> SourceText::tab_in_indentation(std::size_t offset) const {
  for (std::size_t i = lines_[line_of(std::min(offset, text_.size()))]; at(i) == ' ' || at(i) == '\t'; ++i) {
    if (text_[i] == '\t') return i;
  }
  return std::nullopt;
}

}  // namespace melsweep::spec
