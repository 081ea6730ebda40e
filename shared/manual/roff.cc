#include "shared/manual/roff.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace melsweep::manual {
namespace {

// Typographic quotes, dashes and accents are what roff makes of these; in a command they would be wrong.
std::string escaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"\\", "\\e"},
                                    {"-", "\\-"},
                                    {"'", "\\(aq"},
                                    {"\"", "\\(dq"},
                                    {"`", "\\(ga"},
                                    {"^", "\\(ha"},
                                    {"~", "\\(ti"}});
}

}  // namespace

std::string plain(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  for (std::string& line : lines) {
    // A line that begins with a dot would be a macro. (One with an apostrophe is escaped already.)
    line = absl::StrCat(line.starts_with(".") ? "\\&" : "", escaped(line));
  }
  return absl::StrJoin(lines, "\n");
}

std::string bold(const std::string& text) {
  return absl::StrCat("\\fB", escaped(text), "\\fR");
}

std::string italic(const std::string& text) {
  return absl::StrCat("\\fI", escaped(text), "\\fR");
}

Page::Page(const Heading& heading) {
  text_ = absl::StrCat(".TH \"", absl::AsciiStrToUpper(escaped(heading.title)), "\" \"", heading.section,
                       "\" \"", heading.date, "\" \"", escaped(heading.source), "\" \"Melsweep\"\n");
}

void Page::head(const char* macro, const std::string& title) {
  absl::StrAppend(&text_, macro, " \"", escaped(title), "\"\n");
  after_heading_ = true;
}

void Page::section(const std::string& title) {
  head(".SH", title);
}

void Page::subsection(const std::string& title) {
  head(".SS", title);
}

void Page::paragraph(const std::string& text) {
  const std::vector<std::string> paragraphs = absl::StrSplit(text, "\n\n", absl::SkipWhitespace());
  for (const std::string& one : paragraphs) paragraph_of(plain(std::string(absl::StripAsciiWhitespace(one))));
}

void Page::paragraph_of(const std::string& roff) {
  if (!after_heading_) text_ += ".PP\n";
  absl::StrAppend(&text_, roff, "\n");
  after_heading_ = false;
}

void Page::lines(const std::string& text) {
  if (!after_heading_) text_ += ".PP\n";
  absl::StrAppend(&text_, ".nf\n", plain(text), "\n.fi\n");
  after_heading_ = false;
}

void Page::item(const std::string& term_roff, const std::string& text) {
  absl::StrAppend(&text_, ".TP\n", term_roff, "\n", plain(text), "\n");
  after_heading_ = false;
}

}  // namespace melsweep::manual
