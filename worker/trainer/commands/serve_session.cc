#include "worker/trainer/commands/serve_session.h"

#include <exception>
#include <new>
#include <thread>
#include <utility>

#include "worker/trainer/protocol/codec.h"

namespace melsweep::commands {
namespace {

using protocol::Event;

Event failed(FailureKind kind, std::string message) {
  return protocol::Failed{{.kind = kind, .message = std::move(message)}};
}

// How an ended piece of work is told.
struct ToEvent {
  Event operator()(DatasetReport report) const { return protocol::DataPrepared{std::move(report)}; }
  Event operator()(training::Trained trained) const {
    return protocol::Finished{.checkpoint = std::move(trained.checkpoint),
                              .evaluation = std::move(trained.evaluation)};
  }
  Event operator()(Failure failure) const { return protocol::Failed{std::move(failure)}; }
  Event operator()(training::Interrupted) const { return protocol::Stopped{}; }
};

}  // namespace

ServeSession::ServeSession(training::TrialRunner& runner, const Clock& clock, const Pipes& pipes)
    : runner_(runner),
      writer_(pipes.out, clock, [this] { close(); }),
      reader_(pipes.in, protocol::kMaxLineBytes) {}

bool ServeSession::run(const protocol::Hello& hello) {
  writer_.write(hello);
  std::jthread reading([this] {
    reader_.run([this](const std::string& line) { take_line(line); },
                [this] { enqueue(BadLine{"the line is longer than the protocol allows"}); });
    close();
  });
  while (const std::shared_ptr<Work> work = next()) writer_.write(perform(*work));
  reader_.interrupt();
  return !writer_.broken();
}

void ServeSession::take_line(const std::string& line) {
  auto command = protocol::decode_command(line);
  if (!command.ok()) {
    enqueue(BadLine{std::string(command.status().message())});
  } else if (std::holds_alternative<protocol::StopWork>(*command)) {
    stop_all();
  } else if (std::holds_alternative<protocol::Shutdown>(*command)) {
    close();
  } else if (auto* prepare = std::get_if<protocol::PrepareData>(&*command)) {
    enqueue(std::move(*prepare));
  } else if (auto* train = std::get_if<protocol::TrainTrial>(&*command)) {
    enqueue(std::move(*train));
  } else {
    enqueue(BadLine{"it takes one trial at a time"});
  }
}

void ServeSession::enqueue(std::variant<protocol::PrepareData, protocol::TrainTrial, BadLine> command) {
  const std::scoped_lock lock(mutex_);
  queue_.push_back(std::make_shared<Work>(Work{.command = std::move(command), .stop = {}}));
  arrived_.notify_one();
}

void ServeSession::stop_all() {
  const std::scoped_lock lock(mutex_);
  if (running_) running_->stop.request_stop();
  for (const std::shared_ptr<Work>& work : queue_) work->stop.request_stop();
}

void ServeSession::close() {
  stop_all();
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  arrived_.notify_one();
}

std::shared_ptr<ServeSession::Work> ServeSession::next() {
  std::unique_lock lock(mutex_);
  running_.reset();
  arrived_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  if (closed_) return nullptr;
  running_ = std::move(queue_.front());
  queue_.pop_front();
  return running_;
}

Event ServeSession::perform(Work& work) {
  const std::stop_token stop = work.stop.get_token();
  if (stop.stop_requested()) return protocol::Stopped{};
  // A worker outlives whatever goes wrong in one trial.
  try {
    return std::visit([&](const auto& command) { return perform(command, stop); }, work.command);
  } catch (const std::bad_alloc&) {
    return failed(FailureKind::kOutOfMemory, "the trainer ran out of memory");
  } catch (const std::exception& error) {
    return failed(FailureKind::kInternal, error.what());
  }
}

Event ServeSession::perform(const protocol::PrepareData& command, const std::stop_token& stop) {
  return std::visit(ToEvent{}, runner_.prepare(command.dataset, command.weights, observer(), stop));
}

Event ServeSession::perform(const protocol::TrainTrial& command, const std::stop_token& stop) {
  return std::visit(ToEvent{}, runner_.run({.plan = command.plan,
                                            .artifacts_dir = command.artifacts_dir,
                                            .resume_from = command.resume_from,
                                            .checkpoint_every_s = command.checkpoint_every_s},
                                           observer(), stop));
}

Event ServeSession::perform(const BadLine& line, const std::stop_token&) {
  return failed(FailureKind::kBadConfiguration, "the trainer cannot read its command: " + line.reason);
}

training::TrainingObserver ServeSession::observer() {
  return {.progress = [this](const Progress& progress) { writer_.progress(progress); },
          .metrics =
              [this](const std::vector<MetricPoint>& points) {
                writer_.write(protocol::MetricsMeasured{points});
              },
          .resumed = [this](std::int64_t step) { writer_.write(protocol::Resumed{step}); },
          .checkpointed =
              [this](const Checkpoint& checkpoint) { writer_.write(protocol::Checkpointed{checkpoint}); }};
}

}  // namespace melsweep::commands
