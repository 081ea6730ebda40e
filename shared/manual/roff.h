// A manual page in the language of man(7), written piece by piece.
#pragma once

#include <string>

namespace melsweep::manual {

// What stands at a page's edges.
struct Heading {
  std::string title;  // "melsweep-run"
  int section = 1;
  std::string date;    // 2027-01-31
  std::string source;  // "Melsweep 0.1.0"
};

// The text as roff shows it literally: no character of it means anything.
std::string plain(const std::string& text);
std::string bold(const std::string& text);
std::string italic(const std::string& text);

// Texts are shown as they are, whatever roff would make of their characters; where a parameter is called
// `roff`, it is made of plain(), bold() and italic().
class Page {
 public:
  explicit Page(const Heading& heading);

  void section(const std::string& title);
  void subsection(const std::string& title);
  // Lines are filled; an empty line ends a paragraph.
  void paragraph(const std::string& text);
  void paragraph_of(const std::string& roff);
  // Lines stay as they are.
  void lines(const std::string& text);
  // A term, and below it, indented, what it means.
  void item(const std::string& term_roff, const std::string& text);

  const std::string& text() const { return text_; }

 private:
  void head(const char* macro, const std::string& title);

  std::string text_;
  bool after_heading_ = false;  // where a paragraph needs no mark, and must have none
};

}  // namespace melsweep::manual
