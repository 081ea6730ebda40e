#include "worker/agent/own_resources.h"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "worker/agent/gpus.h"
#include "worker/agent/processors.h"

namespace melsweep::agent {
namespace {

// The trainer's CUDA is to see the worker's own GPUs only, by names that no other driver's order changes.
void show_gpus_to_trainer(const std::vector<Gpu>& gpus) {
  std::string visible;
  for (const Gpu& gpu : gpus) absl::StrAppend(&visible, visible.empty() ? "" : ",", gpu.uuid);
  ::setenv("CUDA_VISIBLE_DEVICES", visible.c_str(), 1);
}

// What CUDA_VISIBLE_DEVICES leaves, or the options say.
std::optional<std::string> visible_gpus(const WorkerOptions& options) {
  if (options.gpus == "none") return "";
  if (options.gpus != "visible") return options.gpus;
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return visible == nullptr ? std::nullopt : std::optional<std::string>(visible);
}

}  // namespace

absl::StatusOr<WorkerResources> take_resources(const WorkerOptions& options) {
  if (!options.processors.empty()) {
    if (absl::Status status = use_processors(options.processors); !status.ok()) return status;
  }
  WorkerResources resources{.cpus = usable_processors(), .labels = options.labels};
  const std::optional<std::string> visible = visible_gpus(options);
  const auto gpus = find_gpus(visible);
  if (!gpus.ok()) {
    if (options.gpus != "visible") return gpus.status();
    spdlog::warn("{}: going on without a GPU", std::string(gpus.status().message()));
    return resources;
  }
  const bool are_named = options.gpus != "visible" && options.gpus != "none";
  if (gpus->empty() && are_named)
    return absl::NotFoundError("there is no NVIDIA driver on this machine: --gpus none");
  if (visible || !gpus->empty()) show_gpus_to_trainer(*gpus);
  resources.gpus = static_cast<int>(gpus->size());
  for (const Gpu& gpu : *gpus) {
    const auto own = static_cast<std::int64_t>(static_cast<double>(gpu.memory.bytes) * options.gpu_share);
    const bool is_least = resources.gpu_memory.bytes == 0 || own < resources.gpu_memory.bytes;
    if (is_least) resources.gpu_memory.bytes = own;
  }
  if (gpus->size() > 1) {
    spdlog::warn(
        "this worker has {} GPUs, and its trainer computes on the first: start one worker for each, with "
        "--gpus 0, "
        "--gpus 1, ...",
        gpus->size());
  }
  return resources;
}

}  // namespace melsweep::agent
