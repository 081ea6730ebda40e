#include "tests/simulation/simulated_transfer.h"

#include <chrono>
#include <utility>
#include <variant>

namespace melsweep::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTimeout{30'000};

absl::Status timed_out() {
  return absl::DeadlineExceededError("no answer in time");
}

}  // namespace

SimulatedTransfer::SimulatedTransfer(const Parts& parts, Peer peer, WorkerFiles& files,
                                     std::function<void(agent::Event)> post)
    : parts_(parts), peer_(peer), files_(files), post_(std::move(post)) {}

void SimulatedTransfer::become(const WorkerId& worker) {
  worker_ = worker;
  storing_ = fetching_ = 0;
}

void SimulatedTransfer::store(const StoreId&, const ArtifactName& name, const agent::LocalFile& file) {
  const std::uint64_t call = storing_ = ++last_call_;
  const std::optional<Trained> content = files_.read(file.path);
  if (!content) {
    parts_.queue.after(milliseconds(0), [this, call] {
      end_store(call, absl::DataLossError("the trainer's file is not there"));
    });
    return;
  }
  parts_.network.send(Direction::kToCoordinator, peer_,
                      [this, call, name, content = *content] { arrive(call, name, content); });
  parts_.queue.after(kTimeout, [this, call] { end_store(call, timed_out()); });
}

void SimulatedTransfer::arrive(std::uint64_t call, const ArtifactName& name, const Trained& content) {
  const auto reply = [this, call](const absl::Status& status) {
    parts_.network.send(Direction::kFromCoordinator, peer_,
                        [this, call, status] { end_store(call, status); });
  };
  if (!parts_.coordinator.is_up()) return reply(absl::UnavailableError("nobody listens"));
  if (parts_.disk.is_full()) return reply(absl::ResourceExhaustedError("no room"));
  parts_.coordinator.ask(core::UploadOffered{{}, worker_, name.attempt}, [this, name, content,
                                                                          reply](const core::Answer& answer) {
    if (const auto* accepted = std::get_if<core::UploadAccepted>(&answer)) {
      ArtifactName stored = name;
      stored.sweep = accepted->sweep;
      parts_.folder.store(stored, content);
      const bool is_checkpoint = name.kind == ArtifactKind::kCheckpoint;
      parts_.trace.note(parts_.queue.now(),
                        is_checkpoint ? Happening::kCheckpointStored : Happening::kArchiveStored,
                        peer_.number, name.attempt.trial.value, content.step);
      reply(absl::OkStatus());
    } else {
      reply(std::get<core::Refused>(answer).status);
    }
  });
}

void SimulatedTransfer::end_store(std::uint64_t call, const absl::Status& status) {
  if (storing_ != call) return;
  storing_ = 0;
  post_(agent::ArtifactStored{status});
}

void SimulatedTransfer::fetch(const StoreId&, const ArtifactName& name, const std::string& sha256,
                              const std::filesystem::path& to) {
  const std::uint64_t call = fetching_ = ++last_call_;
  const auto answer = [this, call, to = to.string()](absl::StatusOr<Trained> content) {
    parts_.network.send(Direction::kFromCoordinator, peer_,
                        [this, call, content = std::move(content), to] { end_fetch(call, content, to); });
  };
  parts_.network.send(Direction::kToCoordinator, peer_, [this, name, sha256, answer] {
    const std::optional<Trained> content = parts_.folder.read(name);
    if (!parts_.coordinator.is_up()) {
      answer(absl::UnavailableError("nobody listens"));
    } else if (!content) {
      answer(absl::NotFoundError("no such file"));
    } else if (content->sha256() != sha256 || parts_.folder.is_damaged()) {
      answer(absl::DataLossError("another hash"));
    } else {
      answer(*content);
    }
  });
  parts_.queue.after(kTimeout, [this, call, to = to.string()] { end_fetch(call, timed_out(), to); });
}

void SimulatedTransfer::end_fetch(std::uint64_t call, const absl::StatusOr<Trained>& content,
                                  const std::string& to) {
  if (fetching_ != call) return;
  fetching_ = 0;
  if (content.ok()) files_.write(to, *content);
  parts_.trace.note(parts_.queue.now(), Happening::kCheckpointFetched, peer_.number,
                    content.status().raw_code());
  post_(agent::ArtifactFetched{content.status()});
}

void SimulatedTransfer::cancel() {
  parts_.queue.after(milliseconds(0), [this, store = storing_, fetch = fetching_] {
    const absl::Status cancelled = absl::CancelledError("cancelled");
    if (store != 0) end_store(store, cancelled);
    if (fetch != 0) end_fetch(fetch, cancelled, "");
  });
}

}  // namespace melsweep::simulation
