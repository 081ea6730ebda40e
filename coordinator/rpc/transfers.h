// The calls that carry files.
#pragma once

#include <grpcpp/server_context.h>

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/time/clock.h"

namespace melsweep::rpc {

struct TransferLimits {
  int most = 16;                           // at once; each holds a thread, and a message in memory
  std::chrono::milliseconds idle{60'000};  // a call that gets no further for so long is ended
};

// Bounds their number and ends those that stand still. Thread-safe.
class Transfers {
  struct Call {
    grpc::ServerContext* context;
    MonotonicTime last_progress;
  };

 public:
  // What a call has while it goes on.
  class Place {
   public:
    Place(Transfers& transfers, std::list<Call>::iterator call) : transfers_(&transfers), call_(call) {}
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

    // The call got further.
    void note_progress();

   private:
    Transfers* transfers_;  // none where it was moved away
    std::list<Call>::iterator call_;
  };

  // The clock must outlive this, and this every place.
  Transfers(const TransferLimits& limits, const Clock& clock);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // Unavailable: there are as many as there may be, or stop() was called. The context must live as long as
  // the place.
  absl::StatusOr<Place> admit(grpc::ServerContext& context);

  // Ends the calls that go on, and admits no other. Twice is well.
  void stop();

 private:
  void watch();
  // Ends the calls that stand still; when to look next, none where there are no calls.
  std::optional<MonotonicTime> end_idle();

  TransferLimits limits_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<Call> calls_;  // guarded by mutex_
  bool stopped_ = false;   // guarded by mutex_
  std::thread watch_;
};

}  // namespace melsweep::rpc
