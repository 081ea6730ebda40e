// Several tables that one answer is made of.
#pragma once

#include <string>
#include <vector>

#include "client/output/table.h"

namespace melsweep::output {

struct Section {
  std::string key;    // its name in JSON; promised to scripts
  std::string title;  // for people, a line above the table
  Table table;
};

// For people, kTable: the sections that have rows, each under its title, with blank lines between them.
// kJson: an object of arrays, empty ones too. Ends with a newline. kCsv has no form for several tables.
std::string render_sections(const std::vector<Section>& sections, OutputFormat format);

}  // namespace melsweep::output
