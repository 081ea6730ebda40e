#include "worker/trainer/training/parts.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "worker/trainer/inception/torch_status.h"

namespace melsweep::training {
namespace {

using inception::catch_torch;

// A thread's libtorch computes with what was last set anywhere in the process, unless the thread has set its
// own.
class ThreadsKept {
 public:
  ThreadsKept() = default;
  ThreadsKept(const ThreadsKept&) = delete;
  ThreadsKept& operator=(const ThreadsKept&) = delete;
  ~ThreadsKept() { at::set_num_threads(before_); }

 private:
  int before_ = at::get_num_threads();
};

// The parts [first, first + count), each on a thread.
absl::Status compute_together(const PartsWork& work, std::size_t first, std::size_t count) {
  std::vector<absl::Status> ended(count);
  absl::Status started = catch_torch([&] {
    const ThreadsKept kept;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        ended[i] = catch_torch([&] {
          at::set_num_threads(1);
          work.compute(first + i);
        });
      });
    }
  });
  if (!started.ok()) return started;
  const auto failed = std::ranges::find_if(ended, [](const absl::Status& status) { return !status.ok(); });
  return failed == ended.end() ? absl::OkStatus() : *failed;
}

}  // namespace

absl::Status work_in_parts(const PartsWork& work, const std::stop_token& stop) {
  for (std::size_t first = 0; first < work.parts; first += work.at_once) {
    if (stop.stop_requested()) return absl::CancelledError("stopped");
    const std::size_t count = std::min(work.at_once, work.parts - first);
    absl::Status status =
        work.at_once == 1 ? catch_torch([&] { work.compute(first); }) : compute_together(work, first, count);
    if (!status.ok()) return status;
    if (stop.stop_requested()) return absl::CancelledError("stopped");
    status = catch_torch([&] {
      for (std::size_t part = first; part < first + count; ++part) work.collect(part);
    });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace melsweep::training
