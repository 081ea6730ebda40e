#include "shared/monitoring/process_families.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>

namespace melsweep::monitoring {
namespace {

namespace fs = std::filesystem;

// Fields of /proc/self/stat behind the program's name, counted from 3 as proc(5) does.
constexpr int kFirstField = 3;
constexpr int kStartTimeField = 22;  // in clock ticks since the machine's start
constexpr int kResidentPagesField = 24;

std::optional<double> stat_field(int number) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const std::size_t end_of_name = line.rfind(')');
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(end_of_name + 1));
  std::string value;
  for (int i = kFirstField; i <= number; ++i) {
    if (!(fields >> value)) return std::nullopt;
  }
  return std::stod(value);
}

// Seconds since 1970, as /proc/stat says it.
std::optional<double> machine_start() {
  std::ifstream file("/proc/stat");
  std::string key;
  while (file >> key) {
    double value = 0;
    if (key == "btime" && file >> value) return value;
    std::getline(file, key);
  }
  return std::nullopt;
}

std::optional<double> start_time() {
  const auto machine = machine_start();
  const auto ticks = stat_field(kStartTimeField);
  if (!machine || !ticks) return std::nullopt;
  return *machine + *ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::optional<double> open_descriptors() {
  std::error_code error;
  const fs::directory_iterator entries("/proc/self/fd", error);
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(entries), end(entries)));
}

}  // namespace

Families process_families(const std::string& program, const std::string& version) {
  Families families;
  families.push_back(
      gauge({"melsweep_build_info", "Which program this is; always 1.", {"program", "version"}},
            {{{program, version}, 1.0}}));
  families.push_back(
      counter("process_cpu_seconds_total", "Processor time of this process.", processor_seconds()));
  if (const auto start = start_time()) {
    families.push_back(
        gauge("process_start_time_seconds", "When this process was started, in seconds since 1970.", *start));
  }
  if (const auto pages = stat_field(kResidentPagesField)) {
    families.push_back(gauge("process_resident_memory_bytes",
                             "Memory that this process has in the machine's.",
                             *pages * static_cast<double>(::sysconf(_SC_PAGESIZE))));
  }
  if (const auto open = open_descriptors()) {
    families.push_back(gauge("process_open_fds", "Open files and connections of this process.", *open));
  }
  return families;
}

Families file_system_families(const std::vector<Folder>& folders) {
  std::vector<Sample> available;
  std::vector<Sample> size;
  for (const Folder& folder : folders) {
    std::error_code error;
    const fs::space_info space = fs::space(folder.path, error);
    if (error) continue;
    available.push_back({{folder.holds}, static_cast<double>(space.available)});
    size.push_back({{folder.holds}, static_cast<double>(space.capacity)});
  }
  return {gauge({"melsweep_filesystem_available_bytes",
                 "Room for this user on the file system that holds what the label says.",
                 {"holds"}},
                std::move(available)),
          gauge({"melsweep_filesystem_size_bytes",
                 "Size of the file system that holds what the label says.",
                 {"holds"}},
                std::move(size))};
}

}  // namespace melsweep::monitoring
