// What Prometheus' client libraries tell of every process, under the names that they all use.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "shared/monitoring/families.h"

namespace melsweep::monitoring {

// Of this process, read from /proc; what cannot be read is left out. And which program it is.
Families process_families(const std::string& program, const std::string& version);

// Room on the file system of each folder, by what the folder holds ("database"); one that is not there is
// left out.
struct Folder {
  std::string holds;
  std::filesystem::path path;
};
Families file_system_families(const std::vector<Folder>& folders);

}  // namespace melsweep::monitoring
