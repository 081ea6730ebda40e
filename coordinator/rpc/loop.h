// The one thread that owns the engine: requests of any thread go in, and each is answered once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/core/events.h"
#include "coordinator/engine/engine.h"
#include "coordinator/rpc/journal.h"
#include "shared/time/clock.h"

namespace melsweep::rpc {

// Takes the answer to one request. Called once, on the loop's thread or, when the loop has stopped, on the
// asking one; must not block and must not stop the loop.
using Completion = std::function<void(const core::Answer&)>;

// Called on the loop's thread, with the store's own status, when nothing more can be served; every request is
// refused with Unavailable from then on.
using FatalHandler = std::function<void(const absl::Status&)>;

// Called on the loop's thread with files that nothing durable refers to any more; must not block.
using ObsoleteHandler = std::function<void(const ObsoleteFiles&)>;

// Looks at the state as it is between two batches: null while that has to be read back from the store, and
// where the loop has stopped. `trouble`: OK, or why the store could not be used when it was last tried.
// Called once, on the loop's thread or, when the loop has stopped, on the asking one; must not block.
using Look = std::function<void(const core::State* state, const absl::Status& trouble)>;

// Thread-safe.
class Loop {
 public:
  // The clock must outlive the loop.
  Loop(engine::Engine engine, const Clock& clock, FatalHandler on_fatal, ObsoleteHandler on_obsolete);
  ~Loop();  // stops
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Gives the event its token and queues it. What is queued while a batch is being written goes into the next
  // one.
  template <class AskingEvent>
  core::Token ask(AskingEvent event, Completion done) {
    const core::Token token = next_token();
    event.token = token;
    enqueue({std::move(event), token, std::move(done)});
    return token;
  }

  // Nobody waits for work under this token any more.
  void abandon(core::Token token);

  // After the batch that is being served.
  void inspect(Look look);

  // Finishes what is queued, refuses what waits, and ends the thread. Later requests are refused.
  void stop();

 private:
  struct Request {
    core::Event event;
    core::Token token;
    Completion done;  // empty: nobody waits for an answer
  };

  core::Token next_token();
  void enqueue(Request request);
  void run();
  std::vector<Request> wait_for_requests();
  // False when nothing more can be served.
  bool serve(std::vector<Request> batch);
  void give_up(const absl::Status& reason);
  void note(const absl::Status& trouble);
  void answer(const core::Reply& reply);
  void refuse_all(const absl::Status& status);
  void show(const core::State* state, const absl::Status& trouble);

  engine::Engine engine_;                      // of the thread
  std::map<core::Token, Completion> waiters_;  // of the thread
  Journal journal_;                            // of the thread
  bool failing_ = false;                       // of the thread; as last told to the log
  const Clock& clock_;
  FatalHandler on_fatal_;
  ObsoleteHandler on_obsolete_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Request> queue_;    // guarded by mutex_
  std::vector<Look> looks_;       // guarded by mutex_
  std::uint64_t last_token_ = 0;  // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_
  std::thread thread_;
};

}  // namespace melsweep::rpc
