// A library with NVML's functions, for machines without a GPU: GPUs of 24 GiB and 80 GiB. With
// STAND_IN_NVML_FAILS in the environment the driver cannot be reached; with STAND_IN_NVML_MIG the second one
// is in MIG mode, two of its seven slots are parts of 10 GiB that may be used, and it does not tell its own
// memory.
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace {

struct Device {
  const char* uuid;
  unsigned long long memory;
};

Device kDevices[] = {{"GPU-aaaa", 24ULL << 30}, {"GPU-bbbb", 80ULL << 30}};
Device kParts[] = {{"MIG-1111", 10ULL << 30}, {"MIG-2222", 10ULL << 30}};
constexpr unsigned kSlots = 7;

bool is_parted(const void* device) {
  return device == &kDevices[1] && std::getenv("STAND_IN_NVML_MIG") != nullptr;
}

struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

constexpr int kNotSupported = 3;
constexpr int kNoPermission = 4;
constexpr int kNotFound = 6;
constexpr int kDriverNotLoaded = 9;

}  // namespace

extern "C" {

int nvmlInit_v2() {
  return std::getenv("STAND_IN_NVML_FAILS") == nullptr ? 0 : kDriverNotLoaded;
}

int nvmlShutdown() {
  return 0;
}

const char* nvmlErrorString(int code) {
  return code == kNotFound ? "Not Found" : "Driver Not Loaded";
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = 2;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  if (index >= 2) return kNotFound;
  *device = &kDevices[index];
  return 0;
}

int nvmlDeviceGetHandleByUUID(const char* uuid, void** device) {
  for (Device* all : {kDevices, kParts}) {
    for (int i = 0; i < 2; ++i) {
      if (std::strcmp(all[i].uuid, uuid) != 0) continue;
      *device = &all[i];
      return 0;
    }
  }
  return kNotFound;
}

int nvmlDeviceGetUUID(void* device, char* uuid, unsigned size) {
  std::strncpy(uuid, static_cast<Device*>(device)->uuid, size - 1);
  return 0;
}

int nvmlDeviceGetMigMode(void* device, unsigned* current, unsigned* pending) {
  if (device == &kParts[0] || device == &kParts[1]) return kNotSupported;
  *current = *pending = is_parted(device) ? 1 : 0;
  return 0;
}

int nvmlDeviceGetMaxMigDeviceCount(void*, unsigned* count) {
  *count = kSlots;
  return 0;
}

int nvmlDeviceGetMigDeviceHandleByIndex(void* device, unsigned index, void** part) {
  if (!is_parted(device) || (index != 1 && index != 4)) return kNotFound;
  *part = &kParts[index == 1 ? 0 : 1];
  return 0;
}

int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  if (is_parted(device)) return kNoPermission;
  *memory = {static_cast<Device*>(device)->memory, 0, static_cast<Device*>(device)->memory};
  return 0;
}

}  // extern "C"
