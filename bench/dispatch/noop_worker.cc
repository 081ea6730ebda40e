#include "bench/dispatch/noop_worker.h"

#include <random>
#include <utility>

#include "shared/net/channel.h"
#include "shared/wire/request_id.h"

namespace melsweep::bench {

NoopWorker::NoopWorker(const std::string& target, const WorkerId& id, const NoopTrials& trials,
                       FinishedTrials& finished)
    : trainer_(trials, inbox_, finished),
      link_(v1::WorkerService::NewStub(net::make_channel(target, {}).value()), {id, "bench"}, finished,
            [this](agent::Event event) { inbox_.push(std::move(event)); }),
      thread_([this] { run(); }) {}

void NoopWorker::run() {
  agent::Agent agent({}, {link_, trainer_, transfer_, artifacts_}, wire::make_request_id,
                     std::random_device()());
  agent.start(clock_.now().monotonic);
  while (!agent.exit_code()) {
    auto event = inbox_.pop(agent.next_deadline());
    agent.handle(event.value_or(agent::TimePassed{}), clock_.now().monotonic);
  }
}

}  // namespace melsweep::bench
