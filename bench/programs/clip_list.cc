#include "bench/programs/clip_list.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace melsweep::bench {

std::vector<std::filesystem::path> read_clip_list(const char* list) {
  std::ifstream in(list);
  std::vector<std::filesystem::path> paths;
  for (std::string line; std::getline(in, line);) paths.emplace_back(line);
  if (paths.empty()) {
    std::fprintf(stderr, "%s names no sound files\n", list);
    std::exit(2);
  }
  return paths;
}

}  // namespace melsweep::bench
