// The sound files that a benchmark works on.
#pragma once

#include <filesystem>
#include <vector>

namespace melsweep::bench {

// One path a line. Ends the program with a message where the file cannot be read or names nothing.
std::vector<std::filesystem::path> read_clip_list(const char* list);

}  // namespace melsweep::bench
