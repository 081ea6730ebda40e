#include "worker/trainer/audio/sound_memory.h"

#include <algorithm>
#include <cstring>

namespace melsweep::audio {
namespace {

sf_count_t length_of(void* user) {
  return static_cast<sf_count_t>(static_cast<SoundMemory*>(user)->bytes.size());
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto& memory = *static_cast<SoundMemory*>(user);
  const auto position = static_cast<sf_count_t>(memory.position);
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : length_of(user);
  memory.position = static_cast<std::size_t>(std::max<sf_count_t>(0, base + offset));
  return static_cast<sf_count_t>(memory.position);
}

sf_count_t read(void* to, sf_count_t count, void* user) {
  auto& memory = *static_cast<SoundMemory*>(user);
  const std::size_t start = std::min(memory.position, memory.bytes.size());
  const std::size_t available = std::min(static_cast<std::size_t>(count), memory.bytes.size() - start);
  std::memcpy(to, memory.bytes.data() + start, available);
  memory.position = start + available;
  return static_cast<sf_count_t>(available);
}

sf_count_t write(const void* from, sf_count_t count, void* user) {
  auto& memory = *static_cast<SoundMemory*>(user);
  const std::size_t end = memory.position + static_cast<std::size_t>(count);
  if (memory.bytes.size() < end) memory.bytes.resize(end);
  std::memcpy(memory.bytes.data() + memory.position, from, static_cast<std::size_t>(count));
  memory.position = end;
  return count;
}

sf_count_t tell(void* user) {
  return static_cast<sf_count_t>(static_cast<SoundMemory*>(user)->position);
}

}  // namespace

SF_VIRTUAL_IO sound_memory_io() {
  return {length_of, seek, read, write, tell};
}

}  // namespace melsweep::audio
