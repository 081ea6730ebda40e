// A worker's labels as the database keeps them: a JSON list of texts.
#pragma once

#include <string>
#include <vector>

namespace melsweep::results {

std::string labels_text(const std::vector<std::string>& labels);

// None of a text that is no such list.
std::vector<std::string> labels_of(const std::string& text);

}  // namespace melsweep::results
