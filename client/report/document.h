// A report before it is HTML or Markdown: sections of blocks. Texts are plain; whoever writes them out
// escapes them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace melsweep::report {

// What a table holds: `text` as people read it, and of a number the `value` with all its digits.
struct Cell {
  std::string text;
  std::string value{};
  bool is_number = false;
};

struct DataTable {
  std::string key;  // its id in the page, by itself within the report: "cells-3"
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // one cell for each column
  bool folded = false;                  // shown when it is asked for
};

// `data`: JSON as charts/charts.js takes it (chart_data.h).
struct Chart {
  std::string title;
  std::string description;  // says what it shows, for those who do not see it
  std::string data;
  int height = 360;  // CSS pixels
  DataTable table;   // the same in numbers
};

struct Paragraph {
  std::string text;
};

// What must not be overlooked.
struct Notice {
  std::string text;
};

// A heading below the section's.
struct Heading {
  std::string text;
};

// Text as it is, such as a file or commands.
struct Listing {
  std::string caption;
  std::string text;
  bool folded = false;  // shown when it is asked for
};

// What a spectrogram or a waveform is drawn of.
struct Picture {
  std::string title;
  std::string description;
  std::string svg;  // with axes, made by figures.h
};

struct Sound {
  std::string title;
  std::string media_type;
  std::string bytes;
};

// One clip with what there is to see and hear of it.
struct ClipCard {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;  // name, text
  std::string filter;                                      // the true class
  std::vector<Picture> pictures;
  std::optional<Sound> sound;
};

struct ClipCards {
  std::string key;
  std::vector<ClipCard> cards;
  bool can_be_filtered = false;
};

using Block = std::variant<Paragraph, Notice, Heading, DataTable, Chart, Listing, ClipCards>;

struct Section {
  std::string id;
  std::string title;
  std::string finding;  // one sentence, computed from the data
  std::vector<Block> blocks;
};

struct Document {
  std::string title;
  std::string subtitle;
  std::vector<Section> sections;
};

}  // namespace melsweep::report
