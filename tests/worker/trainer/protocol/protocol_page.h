// docs/trainer-protocol.md as a test reads it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace melsweep::protocol {

// The fenced blocks of one language, in order.
inline std::vector<std::string> blocks_of_the_page(const std::string& language) {
  std::ifstream page("docs/trainer-protocol.md");
  EXPECT_TRUE(page.is_open()) << "run from the repository's root";
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```" + language) {
      inside = true;
      found.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      found.back() += line + "\n";
    }
  }
  return found;
}

}  // namespace melsweep::protocol
