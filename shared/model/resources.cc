#include "shared/model/resources.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace melsweep {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t bytes;
};

// The powers of 1024 first, the largest first.
constexpr Unit kUnits[] = {{"TiB", std::int64_t{1} << 40},
                           {"GiB", std::int64_t{1} << 30},
                           {"MiB", std::int64_t{1} << 20},
                           {"KiB", std::int64_t{1} << 10},
                           {"TB", 1'000'000'000'000},
                           {"GB", 1'000'000'000},
                           {"MB", 1'000'000},
                           {"KB", 1'000},
                           {"B", 1}};

std::string counted(int count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : ", ").append(part);
  return text;
}

void add_labels(const std::vector<std::string>& labels, std::vector<std::string>& parts) {
  if (labels.empty()) return;
  parts.push_back(labels.size() == 1 ? "label " : "labels ");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    parts.back().append(i == 0 ? "'" : ", '").append(labels[i]).append("'");
  }
}

}  // namespace

std::string to_text(ByteSize size) {
  for (const Unit& unit : kUnits) {
    const bool is_of_1024 = unit.name.size() == 3;
    if (!is_of_1024 || size.bytes == 0 || size.bytes % unit.bytes != 0) continue;
    return std::to_string(size.bytes / unit.bytes).append(unit.name);
  }
  return std::to_string(size.bytes) + "B";
}

std::optional<ByteSize> parse_byte_size(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    const std::string_view number = text.substr(0, text.size() - unit.name.size());
    double value = 0.0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != number.data() + number.size() || value < 0.0) return std::nullopt;
    const double bytes = std::round(value * static_cast<double>(unit.bytes));
    if (!(bytes < static_cast<double>(std::numeric_limits<std::int64_t>::max()))) return std::nullopt;
    return ByteSize{static_cast<std::int64_t>(bytes)};
  }
  return std::nullopt;
}

bool suffices(const WorkerResources& worker, const ResourceRequest& request) {
  const auto has_label = [&](const std::string& label) {
    return std::find(worker.labels.begin(), worker.labels.end(), label) != worker.labels.end();
  };
  return worker.gpus >= request.gpus && worker.cpus >= request.cpus &&
         (request.gpu_memory.bytes == 0 || (worker.gpus > 0 && worker.gpu_memory >= request.gpu_memory)) &&
         std::all_of(request.labels.begin(), request.labels.end(), has_label);
}

std::string describe(const ResourceRequest& request) {
  std::vector<std::string> parts;
  if (request.gpus > 0 || request.gpu_memory.bytes > 0) {
    parts.push_back(counted(std::max(request.gpus, 1), "GPU"));
    if (request.gpu_memory.bytes > 0)
      parts.back().append(" of at least ").append(to_text(request.gpu_memory));
  }
  if (request.cpus > 0) parts.push_back(counted(request.cpus, "CPU"));
  add_labels(request.labels, parts);
  return parts.empty() ? "nothing" : listed(parts);
}

std::string describe(const WorkerResources& worker) {
  std::vector<std::string> parts = {worker.gpus == 0 ? "no GPU" : counted(worker.gpus, "GPU")};
  if (worker.gpus > 0 && worker.gpu_memory.bytes > 0)
    parts.back().append(" of ").append(to_text(worker.gpu_memory));
  parts.push_back(worker.cpus == 0 ? "an unknown number of CPUs" : counted(worker.cpus, "CPU"));
  add_labels(worker.labels, parts);
  return listed(parts);
}

}  // namespace melsweep
