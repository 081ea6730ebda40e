// A library with NVML's functions, for machines without a GPU: GPUs of 24 GiB and 80 GiB. With
// STAND_IN_NVML_FAILS in the environment the driver cannot be reached.
#include <cstdlib>
#include <cstring>

namespace {

struct Device {
  const char* uuid;
  unsigned long long memory;
};

Device kDevices[] = {{"GPU-aaaa", 24ULL << 30}, {"GPU-bbbb", 80ULL << 30}};

struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

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
  for (Device& one : kDevices) {
    if (std::strcmp(one.uuid, uuid) != 0) continue;
    *device = &one;
    return 0;
  }
  return kNotFound;
}

int nvmlDeviceGetUUID(void* device, char* uuid, unsigned size) {
  std::strncpy(uuid, static_cast<Device*>(device)->uuid, size - 1);
  return 0;
}

int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  *memory = {static_cast<Device*>(device)->memory, 0, static_cast<Device*>(device)->memory};
  return 0;
}

}  // extern "C"
