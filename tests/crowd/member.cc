#include "tests/crowd/member.h"

#include <random>
#include <utility>
#include <variant>

#include "shared/net/channel.h"
#include "shared/wire/request_id.h"
#include "tests/crowd/three_clips.h"

namespace melsweep::crowd {

absl::Status EndlessTrainer::start() {
  inbox_.push(agent::TrainerSaid{protocol::Hello{.trainer = "endless", .device = "cpu"}});
  return absl::OkStatus();
}

absl::Status EndlessTrainer::tell(const protocol::Command& command) {
  if (const auto* prepare = std::get_if<protocol::PrepareData>(&command)) {
    inbox_.push(agent::TrainerSaid{protocol::DataPrepared{three_clips(*prepare)}});
  } else if (std::holds_alternative<protocol::StopWork>(command)) {
    inbox_.push(agent::TrainerSaid{protocol::Stopped{}});
  }
  return absl::OkStatus();
}

void EndlessTrainer::kill() {
  inbox_.push(agent::TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = {}}});
}

Member::Member(const std::string& target, const WorkerId& id)
    : link_(v1::WorkerService::NewStub(net::make_channel(target, {}).value()), {id, "crowd"},
            [this](agent::Event event) { inbox_.push(std::move(event)); }),
      thread_([this] { run(); }) {}

void Member::run() {
  agent::Agent agent({}, {link_, trainer_, transfer_, artifacts_}, wire::make_request_id,
                     std::random_device()());
  agent.start(clock_.now().monotonic);
  while (!agent.exit_code()) {
    auto event = inbox_.pop(agent.next_deadline());
    agent.handle(event.value_or(agent::TimePassed{}), clock_.now().monotonic);
  }
}

}  // namespace melsweep::crowd
