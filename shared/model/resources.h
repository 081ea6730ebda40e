// What a trial needs of the machine that runs it, and what a worker has.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace melsweep {

// Bytes as people write them: "8GiB", "512MiB", "24GB".
struct ByteSize {
  std::int64_t bytes = 0;
  friend auto operator<=>(const ByteSize&, const ByteSize&) = default;
};

// In the largest unit of 1024 that gives a whole number: "8GiB"; "24000000000B" where there is none.
std::string to_text(ByteSize size);

// A whole or decimal number and B, KiB, MiB, GiB, TiB (powers of 1024) or KB, MB, GB, TB (of 1000).
// Nothing of other texts.
std::optional<ByteSize> parse_byte_size(std::string_view text);

// A worker runs one trial, or one group of trials, at a time: what is asked for is not divided.
struct ResourceRequest {
  int gpus = 0;
  ByteSize gpu_memory{};  // of each GPU; 0: any
  int cpus = 0;           // 0: any number
  std::vector<std::string> labels{};
  friend bool operator==(const ResourceRequest&, const ResourceRequest&) = default;
};

struct WorkerResources {
  int gpus = 0;
  ByteSize gpu_memory{};  // of the GPU that has least, as far as it is the worker's
  int cpus = 0;           // logical processors that it may use; 0: not told
  std::vector<std::string> labels{};
  friend bool operator==(const WorkerResources&, const WorkerResources&) = default;
};

bool suffices(const WorkerResources& worker, const ResourceRequest& request);

// "1 GPU of at least 8GiB, 4 CPUs, label 'fast'"; "nothing" of an empty request.
std::string describe(const ResourceRequest& request);

// "1 GPU of 24GiB, 8 CPUs, labels 'fast', 'local'"; "no GPU, 2 CPUs".
std::string describe(const WorkerResources& worker);

}  // namespace melsweep
