#include "worker/trainer/training/available_memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;

std::size_t machine_bytes() {
  std::ifstream lines("/proc/meminfo");
  for (std::string name; lines >> name; lines.ignore(256, '\n')) {
    std::size_t kibibytes = 0;
    if (name == "MemAvailable:" && lines >> kibibytes) return kibibytes << 10;
  }
  return 0;
}

std::optional<std::size_t> number_in(const fs::path& file) {
  std::size_t number = 0;
  std::ifstream in(file);
  if (in >> number) return number;  // not "max"
  return std::nullopt;
}

// The folder of the process's own cgroup; a container sees it as the root.
fs::path cgroup_folder() {
  std::ifstream lines("/proc/self/cgroup");
  std::string line;
  constexpr std::size_t kPrefix = 4;  // "0::/"
  while (std::getline(lines, line)) {
    if (line.starts_with("0::/")) return fs::path("/sys/fs/cgroup") / line.substr(kPrefix);
  }
  return {};
}

}  // namespace

std::size_t available_memory_bytes() {
  const std::size_t machine = machine_bytes();
  const fs::path folder = cgroup_folder();
  if (folder.empty()) return machine;
  const std::optional<std::size_t> limit = number_in(folder / "memory.max");
  const std::optional<std::size_t> used = number_in(folder / "memory.current");
  if (!limit || !used) return machine;
  return std::min(machine, *limit - std::min(*limit, *used));
}

}  // namespace melsweep::training
