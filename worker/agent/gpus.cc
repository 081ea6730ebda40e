#include "worker/agent/gpus.h"

#include <dlfcn.h>

#include <array>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace melsweep::agent {
namespace {

// As much of nvml.h as is used; the names with their versions have been stable since driver 319.
using NvmlDevice = void*;
struct NvmlMemory {
  unsigned long long total = 0;
  unsigned long long free = 0;
  unsigned long long used = 0;
};
constexpr int kNvmlSuccess = 0;
constexpr unsigned kNvmlMigEnabled = 1;
constexpr std::size_t kUuidSize = 96;

struct Nvml {
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  const char* (*error_string)(int) = nullptr;
  int (*device_count)(unsigned*) = nullptr;
  int (*device_by_index)(unsigned, NvmlDevice*) = nullptr;
  int (*device_by_uuid)(const char*, NvmlDevice*) = nullptr;
  int (*uuid)(NvmlDevice, char*, unsigned) = nullptr;
  int (*memory)(NvmlDevice, NvmlMemory*) = nullptr;
  // Of drivers since 450: all three, or none of them.
  int (*mig_mode)(NvmlDevice, unsigned* current, unsigned* pending) = nullptr;
  int (*mig_slots)(NvmlDevice, unsigned*) = nullptr;
  int (*mig_by_slot)(NvmlDevice, unsigned, NvmlDevice*) = nullptr;
};

template <class Function>
bool look_up(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

bool look_up_all(void* library, Nvml& nvml) {
  return look_up(library, "nvmlInit_v2", nvml.init) && look_up(library, "nvmlShutdown", nvml.shutdown) &&
         look_up(library, "nvmlErrorString", nvml.error_string) &&
         look_up(library, "nvmlDeviceGetCount_v2", nvml.device_count) &&
         look_up(library, "nvmlDeviceGetHandleByIndex_v2", nvml.device_by_index) &&
         look_up(library, "nvmlDeviceGetHandleByUUID", nvml.device_by_uuid) &&
         look_up(library, "nvmlDeviceGetUUID", nvml.uuid) &&
         look_up(library, "nvmlDeviceGetMemoryInfo", nvml.memory);
}

void look_up_mig(void* library, Nvml& nvml) {
  const bool is_known = look_up(library, "nvmlDeviceGetMaxMigDeviceCount", nvml.mig_slots) &&
                        look_up(library, "nvmlDeviceGetMigDeviceHandleByIndex", nvml.mig_by_slot) &&
                        look_up(library, "nvmlDeviceGetMigMode", nvml.mig_mode);
  if (!is_known) nvml.mig_mode = nullptr;
}

absl::Status failed(const Nvml& nvml, int code) {
  return absl::UnavailableError(absl::StrCat("the NVIDIA driver does not say which GPUs there are: ",
                                             nvml.error_string(code), " (does nvidia-smi run?)"));
}

absl::StatusOr<Gpu> describe_gpu(const Nvml& nvml, NvmlDevice device) {
  std::array<char, kUuidSize> uuid{};
  if (const int code = nvml.uuid(device, uuid.data(), uuid.size()); code != kNvmlSuccess)
    return failed(nvml, code);
  NvmlMemory memory;
  if (const int code = nvml.memory(device, &memory); code != kNvmlSuccess) return failed(nvml, code);
  return Gpu{uuid.data(), {static_cast<std::int64_t>(memory.total)}};
}

absl::StatusOr<NvmlDevice> find_device(const Nvml& nvml, const std::string& name) {
  NvmlDevice device = nullptr;
  int number = 0;
  const int code = absl::SimpleAtoi(name, &number) && number >= 0
                       ? nvml.device_by_index(static_cast<unsigned>(number), &device)
                       : nvml.device_by_uuid(name.c_str(), &device);
  if (code == kNvmlSuccess) return device;
  return absl::NotFoundError(
      absl::StrCat("there is no GPU '", name, "' (", nvml.error_string(code), "); nvidia-smi -L lists them"));
}

// What computes there. A GPU in MIG mode does it by its parts alone, of which a container may have been given
// some; the GPU itself does not even tell that container its memory.
std::vector<NvmlDevice> parts_of(const Nvml& nvml, NvmlDevice device) {
  unsigned current = 0;
  unsigned pending = 0;
  unsigned slots = 0;
  const bool has_parts = nvml.mig_mode != nullptr &&
                         nvml.mig_mode(device, &current, &pending) == kNvmlSuccess &&
                         current == kNvmlMigEnabled && nvml.mig_slots(device, &slots) == kNvmlSuccess;
  if (!has_parts) return {device};
  std::vector<NvmlDevice> parts;
  for (unsigned slot = 0; slot < slots; ++slot) {
    NvmlDevice part = nullptr;
    if (nvml.mig_by_slot(device, slot, &part) == kNvmlSuccess) parts.push_back(part);
  }
  return parts;
}

std::vector<std::string> names_of(const std::string& visible) {
  std::vector<std::string> names;
  for (const absl::string_view part : absl::StrSplit(visible, ',')) {
    const std::string name(absl::StripAsciiWhitespace(part));
    if (name.empty() || name == "-1") break;  // CUDA ignores what follows
    names.push_back(name);
  }
  return names;
}

absl::StatusOr<std::vector<Gpu>> ask(const Nvml& nvml, const std::optional<std::string>& visible) {
  std::vector<NvmlDevice> devices;
  if (visible) {
    for (const std::string& name : names_of(*visible)) {
      const auto device = find_device(nvml, name);
      if (!device.ok()) return device.status();
      devices.push_back(*device);
    }
  } else {
    unsigned count = 0;
    if (const int code = nvml.device_count(&count); code != kNvmlSuccess) return failed(nvml, code);
    for (unsigned i = 0; i < count; ++i) {
      if (const int code = nvml.device_by_index(i, &devices.emplace_back()); code != kNvmlSuccess) {
        return failed(nvml, code);
      }
    }
  }
  std::vector<Gpu> gpus;
  for (const NvmlDevice device : devices) {
    for (const NvmlDevice part : parts_of(nvml, device)) {
      auto gpu = describe_gpu(nvml, part);
      if (!gpu.ok()) return gpu.status();
      gpus.push_back(*std::move(gpu));
    }
  }
  return gpus;
}

}  // namespace

absl::StatusOr<std::vector<Gpu>> find_gpus(const std::optional<std::string>& visible, const char* library) {
  const std::unique_ptr<void, int (*)(void*)> handle(::dlopen(library, RTLD_NOW | RTLD_LOCAL), ::dlclose);
  if (handle == nullptr) return std::vector<Gpu>{};
  Nvml nvml;
  if (!look_up_all(handle.get(), nvml)) {
    return absl::UnavailableError(
        absl::StrCat(library, " is not NVIDIA's management library, or a very old one"));
  }
  look_up_mig(handle.get(), nvml);
  if (const int code = nvml.init(); code != kNvmlSuccess) return failed(nvml, code);
  auto gpus = ask(nvml, visible);
  nvml.shutdown();
  return gpus;
}

}  // namespace melsweep::agent
