// docs/trainer-protocol.md is what people write trainers from: its examples must be what this program speaks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/worker/trainer/protocol/protocol_page.h"
#include "worker/trainer/protocol/codec.h"

namespace melsweep::protocol {
namespace {

TEST(ProtocolDocument, ShowsEveryMessageAsItIs) {
  std::set<std::size_t> commands;
  std::set<std::size_t> events;
  for (const std::string& block : blocks_of_the_page("json")) {
    const auto command = decode_command(block);
    const auto event = decode_event(block);
    EXPECT_TRUE(command.ok() || event.ok()) << block << command.status() << "\n" << event.status();
    if (command.ok()) commands.insert(command->index());
    if (event.ok()) events.insert(event->index());
  }
  EXPECT_EQ(commands.size(), std::variant_size_v<Command>);
  EXPECT_EQ(events.size(), std::variant_size_v<Event>);
}

std::vector<Event> converse(const std::filesystem::path& folder, const std::vector<Command>& commands) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "trainer.py") << blocks_of_the_page("python").at(0);
  {
    std::ofstream input(folder / "input");
    for (const Command& command : commands) input << encode(command) << "\n";
  }
  const std::string run = "python3 '" + (folder / "trainer.py").string() + "' < '" +
                          (folder / "input").string() + "' > '" + (folder / "output").string() + "'";
  EXPECT_EQ(std::system(run.c_str()), 0);
  std::vector<Event> events;
  std::ifstream output(folder / "output");
  for (std::string line; std::getline(output, line);) {
    auto event = decode_event(line);
    EXPECT_TRUE(event.ok()) << line << "\n" << event.status();
    if (event.ok()) events.push_back(*std::move(event));
  }
  return events;
}

TEST(ProtocolDocument, ItsPythonTrainerAnswersEveryCommand) {
  if (std::system("python3 --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no python3 here";
  const auto folder = std::filesystem::path(testing::TempDir()) / "protocol_document_trainer";
  TrainTrial trial;
  trial.plan.dataset.path = "toy";
  trial.plan.dataset.split.validation_folds = {1};
  trial.plan.dataset_hash = "not toy";
  trial.plan.settings.model.weights = "none";
  trial.artifacts_dir = (folder / "artifacts").string();
  const std::vector<Event> events =
      converse(folder, {PrepareData{.dataset = trial.plan.dataset, .weights = {"none"}}, trial});
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(std::get<Hello>(events[0]).protocol, kVersion);
  EXPECT_EQ(std::get<DataPrepared>(events[1]).report.clips.size(), 6U);
  // At the end of input it stops, unless it found out first that the data are others.
  EXPECT_TRUE(std::holds_alternative<Stopped>(events[2]) ||
              std::get<Failed>(events[2]).failure.kind == FailureKind::kInternal);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace melsweep::protocol
