// The real trainer looking at data sets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/worker/trainer/commands/trainer_process.h"
#include "tests/worker/trainer/dataset/data_folder.h"

namespace melsweep::commands {
namespace {

using testing::HasSubstr;

TEST(DataCommand, InspectsAFolderWhoseNameIsNotUtf8) {
  const dataset::DataFolder data;
  const std::string root = data.path("caf\xE9");
  for (const char* name : {"caf\xE9/dog/a.wav", "caf\xE9/cat/b.wav"}) data.sound(name, name[5]);
  data.write("caf\xE9/dog/bad.wav", "no sound");
  TrainerProcess trainer({"data", "inspect", root, "-o", "json"});
  const nlohmann::json json = nlohmann::json::parse(trainer.rest(), nullptr, false);
  EXPECT_EQ(trainer.wait(), 1);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["clips"], 2);
  EXPECT_THAT(json["bad_clips"][0]["reason"].get<std::string>(), HasSubstr("bad.wav"));
}

TEST(DataCommand, CountsThePicturesOfAnAugmentation) {
  const dataset::DataFolder data;
  for (const char* name : {"dog/a.wav", "cat/b.wav"}) data.sound(name, name[0]);
  TrainerProcess trainer(
      {"data", "inspect", data.path(), "-o", "json", "--augmentation", "channels,noise,masks"});
  const nlohmann::json json = nlohmann::json::parse(trainer.rest(), nullptr, false);
  EXPECT_EQ(trainer.wait(), 0);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["pictures"], 6) << "of two mono clips";
  TrainerProcess wrong({"data", "inspect", data.path(), "--augmentation", "hiss"});
  wrong.rest();
  EXPECT_NE(wrong.wait(), 0);
}

}  // namespace
}  // namespace melsweep::commands
