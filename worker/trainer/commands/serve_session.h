// One conversation with an agent: docs/trainer-protocol.md.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "shared/time/clock.h"
#include "worker/trainer/commands/event_writer.h"
#include "worker/trainer/commands/line_reader.h"
#include "worker/trainer/protocol/messages.h"
#include "worker/trainer/training/trial_runner.h"

namespace melsweep::commands {

// Commands are done in the order they came, each answered by exactly one ending event, a group by one for
// each of its trials: a command that comes while another runs waits, a line that is no command is answered by
// Failed in its turn. StopWork stops all that came before it, or a trial of a group that did. Input is read
// while work is done.
class ServeSession {
 public:
  struct Pipes {
    int in = 0;   // of commands
    int out = 1;  // of events
  };

  // The runner and the clock outlive the session.
  ServeSession(training::TrialRunner& runner, const Clock& clock, const Pipes& pipes);

  // Says hello, serves until the end of input or Shutdown (true), or until nobody reads the events (false).
  // What runs then is stopped first.
  bool run(const protocol::Hello& hello);

  // As the end of input, from any thread or a signal handler, before or while run() runs.
  void interrupt() { reader_.interrupt(); }

 private:
  struct BadLine {
    std::string reason;
  };
  using Task = std::variant<protocol::PrepareData, protocol::TrainTrial, protocol::TrainGroup, BadLine>;
  struct Work {
    Task command;
    std::stop_source stop{};
    std::map<TrialId, std::stop_source> stops{};  // of a group's trials
  };

  // On the reading thread.
  void take_line(const std::string& line);
  void enqueue(Task command);
  void enqueue(protocol::TrainGroup command);
  void stop_all();
  void stop(TrialId trial);
  void close();

  // On the thread of run(). Null when there will be no more; done with the latest when called again.
  std::shared_ptr<Work> next();
  void perform(Work& work);
  protocol::Event perform_one(const Work& work);
  void perform_group(const protocol::TrainGroup& command, const Work& work);
  // `trial` is 0 for the only one.
  training::TrainingObserver observer(TrialId trial = {});

  training::TrialRunner& runner_;
  EventWriter writer_;
  LineReader reader_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::shared_ptr<Work>> queue_;  // the one that runs is taken out
  std::shared_ptr<Work> running_;
  bool closed_ = false;
};

}  // namespace melsweep::commands
