#include "worker/trainer/commands/serve_session.h"

#include <exception>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "worker/trainer/protocol/codec.h"

namespace melsweep::commands {
namespace {

using protocol::Event;

Event failed(FailureKind kind, std::string message) {
  return protocol::Failed{{.kind = kind, .message = std::move(message)}};
}

// How an ended piece of work is told.
struct ToEvent {
  TrialId trial{};  // of a group

  Event operator()(DatasetReport report) const { return protocol::DataPrepared{std::move(report)}; }
  Event operator()(training::Trained trained) const {
    protocol::Finished finished{.checkpoint = std::move(trained.checkpoint),
                                .evaluation = std::move(trained.evaluation),
                                .trial = trial};
    if (const auto& archive = trained.misclassified) {
      finished.misclassified = {archive->path.string(), archive->sha256};
    }
    finished.warnings = std::move(trained.warnings);
    finished.stages = std::move(trained.stages);
    return finished;
  }
  Event operator()(Failure failure) const { return protocol::Failed{std::move(failure), trial}; }
  Event operator()(training::Interrupted) const { return protocol::Stopped{trial}; }
};

training::TrialWork work_of(const protocol::TrainTrial& command) {
  return {.plan = command.plan,
          .artifacts_dir = command.artifacts_dir,
          .resume_from = command.resume_from,
          .checkpoint_every_s = command.checkpoint_every_s};
}

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
  while (const std::shared_ptr<Work> work = next()) perform(*work);
  reader_.interrupt();
  return !writer_.broken();
}

void ServeSession::take_line(const std::string& line) {
  auto command = protocol::decode_command(line);
  if (!command.ok()) {
    enqueue(BadLine{std::string(command.status().message())});
  } else if (const auto* stopped = std::get_if<protocol::StopWork>(&*command)) {
    stopped->trial == TrialId{} ? stop_all() : stop(stopped->trial);
  } else if (std::holds_alternative<protocol::Shutdown>(*command)) {
    close();
  } else if (auto* prepare = std::get_if<protocol::PrepareData>(&*command)) {
    enqueue(Task(std::move(*prepare)));
  } else if (auto* train = std::get_if<protocol::TrainTrial>(&*command)) {
    enqueue(Task(std::move(*train)));
  } else {
    enqueue(std::get<protocol::TrainGroup>(*std::move(command)));
  }
}

void ServeSession::enqueue(Task command) {
  const std::scoped_lock lock(mutex_);
  queue_.push_back(std::make_shared<Work>(Work{.command = std::move(command)}));
  arrived_.notify_one();
}

void ServeSession::enqueue(protocol::TrainGroup command) {
  const std::scoped_lock lock(mutex_);
  Work work{.command = BadLine{}};
  for (const protocol::TrainTrial& trial : command.trials) work.stops[trial.plan.id];
  work.command = std::move(command);
  queue_.push_back(std::make_shared<Work>(std::move(work)));
  arrived_.notify_one();
}

void ServeSession::stop_all() {
  const std::scoped_lock lock(mutex_);
  const auto stop = [](Work& work) {
    work.stop.request_stop();
    for (auto& [trial, source] : work.stops) source.request_stop();
  };
  if (running_) stop(*running_);
  for (const std::shared_ptr<Work>& work : queue_) stop(*work);
}

void ServeSession::stop(TrialId trial) {
  const std::scoped_lock lock(mutex_);
  const auto stop = [trial](Work& work) {
    const auto found = work.stops.find(trial);
    if (found != work.stops.end()) found->second.request_stop();
  };
  if (running_) stop(*running_);
  for (const std::shared_ptr<Work>& work : queue_) stop(*work);
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

void ServeSession::perform(Work& work) {
  if (const auto* group = std::get_if<protocol::TrainGroup>(&work.command)) {
    perform_group(*group, work);
  } else if (work.stop.stop_requested()) {
    writer_.write(protocol::Stopped{});
  } else {
    writer_.write(perform_one(work));
  }
}

Event ServeSession::perform_one(const Work& work) {
  // A worker outlives whatever goes wrong in one trial.
  try {
    if (const auto* prepare = std::get_if<protocol::PrepareData>(&work.command)) {
      return std::visit(
          ToEvent{}, runner_.prepare(prepare->dataset, prepare->weights, observer(), work.stop.get_token()));
    }
    if (const auto* train = std::get_if<protocol::TrainTrial>(&work.command)) {
      return std::visit(ToEvent{}, runner_.run(work_of(*train), observer(), work.stop.get_token()));
    }
  } catch (const std::bad_alloc&) {
    return failed(FailureKind::kOutOfMemory, "the trainer ran out of memory");
  } catch (const std::exception& error) {
    return failed(FailureKind::kInternal, error.what());
  }
  return failed(FailureKind::kBadConfiguration,
                "the trainer cannot read its command: " + std::get<BadLine>(work.command).reason);
}

void ServeSession::perform_group(const protocol::TrainGroup& command, const Work& work) {
  std::vector<training::TrialTask> tasks;
  for (const protocol::TrainTrial& trial : command.trials) {
    const TrialId id = trial.plan.id;
    tasks.push_back({.work = work_of(trial),
                     .observer = observer(id),
                     .stop = work.stops.at(id).get_token(),
                     .ended = [this, id](training::TrialEnd end) {
                       writer_.write(std::visit(ToEvent{id}, std::move(end)));
                       writer_.forget(id);
                     }});
  }
  runner_.run_group(tasks);
}

training::TrainingObserver ServeSession::observer(TrialId trial) {
  return {.progress = [this, trial](const Progress& progress) { writer_.progress(progress, trial); },
          .metrics =
              [this, trial](const std::vector<MetricPoint>& points) {
                writer_.write(protocol::MetricsMeasured{points, trial});
              },
          .resumed =
              [this, trial](std::int64_t step) {
                writer_.write(protocol::Resumed{step, trial});
              },
          .checkpointed =
              [this, trial](const Checkpoint& checkpoint) {
                writer_.write(protocol::Checkpointed{checkpoint, trial});
              }};
}

}  // namespace melsweep::commands
