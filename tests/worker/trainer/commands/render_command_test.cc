// The real trainer drawing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/worker/trainer/commands/trainer_process.h"
#include "tests/worker/trainer/dataset/data_folder.h"

namespace melsweep::commands {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr auto kJoined = TrainerProcess::Stderr::kJoined;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class RenderCommandTest : public testing::Test {
 protected:
  std::vector<std::string> arguments(const json& request) {
    data_.write("request.json", request.dump());
    return {"render",          "--request", data_.path("request.json"), "--out",
            data_.path("out"), "--cache",   data_.path("cache")};
  }

  json sound(const std::string& id, const std::string& clip) {
    return {{"id", id}, {"kind", "sound"}, {"path", data_.path(clip)}};
  }

  dataset::DataFolder data_;
};

TEST_F(RenderCommandTest, MakesWhatItCanAndNamesTheRest) {
  data_.sound("a.wav", 1);
  TrainerProcess trainer(
      arguments({{"version", 1}, {"items", {sound("good", "a.wav"), sound("bad", "missing.wav")}}}), kJoined);
  EXPECT_THAT(trainer.rest(),
              HasSubstr("melsweep-trainer render: " + data_.path("missing.wav") + " does not exist"));
  EXPECT_EQ(trainer.wait(), 0);
  const json list = json::parse(content(data_.path("out/rendered.json")), nullptr, false);
  ASSERT_TRUE(list.is_object());
  EXPECT_EQ(list["items"][0]["bytes"], content(data_.path("out/good.ogg")).size());
  EXPECT_THAT(list["items"][1]["error"].get<std::string>(), HasSubstr("does not exist"));
  EXPECT_TRUE(std::filesystem::exists(data_.path("cache")));
}

TEST_F(RenderCommandTest, RefusesABadRequest) {
  TrainerProcess trainer(arguments({{"version", 1}, {"items", {{{"id", "../a"}}}}}), kJoined);
  const std::string said = trainer.rest();
  EXPECT_THAT(said, HasSubstr(data_.path("request.json")));
  EXPECT_THAT(said, HasSubstr("items[0].id must be"));
  EXPECT_EQ(trainer.wait(), 1);
  EXPECT_FALSE(std::filesystem::exists(data_.path("out/rendered.json")));
}

TEST_F(RenderCommandTest, LeavesWholeFilesAndNoListWhenItIsInterrupted) {
  data_.sound("a.wav", 1);
  json items = json::array();
  for (int i = 0; i < 5000; ++i) {
    items.push_back(sound("i-" + std::to_string(i), i == 100 ? "missing.wav" : "a.wav"));
  }
  TrainerProcess trainer(arguments({{"version", 1}, {"items", items}}), kJoined);
  EXPECT_THAT(trainer.line(), HasSubstr("missing.wav"));  // it is in the midst of its work
  trainer.signal(SIGINT);
  EXPECT_THAT(trainer.rest(), HasSubstr("interrupted"));
  EXPECT_EQ(trainer.wait(), 2);
  EXPECT_FALSE(std::filesystem::exists(data_.path("out/rendered.json")));
  const std::string whole = content(data_.path("out/i-0.ogg"));
  for (const auto& entry : std::filesystem::directory_iterator(data_.path("out"))) {
    EXPECT_EQ(entry.path().extension(), ".ogg");
    EXPECT_EQ(content(entry.path().string()), whole);
  }
}

}  // namespace
}  // namespace melsweep::commands
