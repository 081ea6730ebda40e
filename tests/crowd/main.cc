// agent_crowd: many agents in one process, for tests of what many do to a coordinator. On SIGTERM they give
// their work back, and every heartbeat's worker, start (ms of the machine's monotonic clock), duration (ms)
// and outcome (gRPC's status code) go to standard output as CSV.
#include <signal.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/crowd/member.h"

namespace {

using melsweep::crowd::Heartbeat;
using melsweep::crowd::Member;

// Every address of 127.0.0.0/8 is this machine: with one each, no two members share a connection.
std::string address_of(int member, int port) {
  return absl::StrCat("127.0.", 1 + member / 250, ".", 1 + member % 250, ":", port);
}

void print(int member, const std::vector<Heartbeat>& heartbeats) {
  for (const Heartbeat& heartbeat : heartbeats) {
    std::cout << member << "," << heartbeat.started.time_since_epoch().count() << ","
              << heartbeat.took.count() << "," << static_cast<int>(heartbeat.outcome) << "\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Many agents in one process, with trainers that train for ever");
  int port = 0;
  int size = 1;
  app.add_option("--port", port, "Of the coordinator, which listens on all of this machine's addresses")
      ->required();
  app.add_option("--members", size, "How many agents")->check(CLI::Range(1, 10'000));
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::warn);

  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  std::vector<std::unique_ptr<Member>> members;
  for (int i = 0; i < size; ++i) {
    members.push_back(
        std::make_unique<Member>(address_of(i, port), melsweep::WorkerId{absl::StrCat("member-", i)}));
  }
  int signal = 0;
  sigwait(&stop, &signal);
  for (const auto& member : members) member->leave();
  for (const auto& member : members) member->join();
  std::cout << "member,started_ms,took_ms,outcome\n";
  for (int i = 0; i < size; ++i) print(i, members[static_cast<std::size_t>(i)]->heartbeats());
}
