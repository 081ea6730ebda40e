#include "worker/trainer/models/model_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "shared/files/digest.h"
#include "tests/worker/trainer/models/trained_fixture.h"
#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/inception/weights_file.h"

namespace melsweep::models {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class ModelFolderTest : public TrainedFixture {
 protected:
  std::set<std::string> names(const fs::path& of) const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(of)) found.insert(entry.path().filename());
    return found;
  }

  absl::Status write(const TrainedModel& model, const fs::path& to) const {
    return write_model_folder(model, to, "melsweep-trainer 1.2.3");
  }

  fs::path exports() const { return folder / "exports"; }
};

TEST_F(ModelFolderTest, AReloadedHeadGivesTheSameProbabilitiesWithoutTheTrialsFiles) {
  const TrainedModel model = train();
  ASSERT_TRUE(write(model, exports() / "tones").ok());
  EXPECT_THAT(names(exports()), UnorderedElementsAre("tones"));
  EXPECT_THAT(names(exports() / "tones"),
              UnorderedElementsAre("model.safetensors", "model.json", "README.md"));
  fs::remove(model.file.path);

  const auto reloaded = read_model_folder(exports() / "tones");
  ASSERT_TRUE(reloaded.ok()) << reloaded.status();
  EXPECT_EQ(reloaded->labels, model.labels);
  EXPECT_EQ(reloaded->settings, model.settings);
  EXPECT_EQ(reloaded->origin, model.origin);
  EXPECT_EQ(predict(*reloaded), evaluated);
}

TEST_F(ModelFolderTest, AReloadedNetworkGivesTheSameProbabilities) {
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.steps = 2;
  plan.settings.training.evaluate_every = 2;
  plan.settings.training.optimizer = Optimizer::kAdam;
  const TrainedModel model = train();
  const Probabilities before = predict(model);
  ASSERT_TRUE(write(model, exports()).ok());
  const auto reloaded = read_model_folder(exports());
  ASSERT_TRUE(reloaded.ok()) << reloaded.status();
  EXPECT_EQ(predict(*reloaded), before);
}

TEST_F(ModelFolderTest, TheNetworkIsWholeByTorchvisionsNamesAndKnowsItsContent) {
  plan.settings.training.optimizer = Optimizer::kMomentum;
  ASSERT_TRUE(write(train(), exports()).ok());
  const auto file = inception::SafetensorsFile::open(exports() / kModelFile);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(inception::check_weights(*file).ok());
  EXPECT_TRUE(inception::check_content(*file).ok());
  ASSERT_NE(file->find("fc.weight"), nullptr);
  EXPECT_EQ(file->find("fc.weight")->shape, (std::vector<std::int64_t>{2, 2048}));
  EXPECT_EQ(file->find("optimizer.first.fc.weight"), nullptr);
  EXPECT_EQ(file->metadata().at("melsweep.classes"), R"(["high","low"])");

  std::ifstream text(exports() / kDescriptionFile);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.at("network").at("melsweep.dialect"), "keras");
  EXPECT_EQ(json.at("file").at("sha256"), *files::sha256_file(exports() / kModelFile));
}

TEST_F(ModelFolderTest, AnEmptyFolderIsTakenAndAFullOneLeftAlone) {
  const TrainedModel model = train();
  fs::create_directories(exports() / "empty");
  EXPECT_TRUE(write(model, exports() / "empty").ok());

  fs::create_directories(exports() / "full");
  std::ofstream(exports() / "full" / "mine.txt") << "mine";
  const absl::Status status = write(model, exports() / "full");
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is there already and not empty"));
  EXPECT_THAT(names(exports() / "full"), UnorderedElementsAre("mine.txt"));

  std::ofstream(exports() / "file") << "mine";
  EXPECT_EQ(write(model, exports() / "file").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(names(exports()), UnorderedElementsAre("empty", "full", "file"));
}

TEST_F(ModelFolderTest, NothingIsLeftOfAnExportThatFails) {
  TrainedModel model = train();
  model.start.sha256 = "another";
  fs::create_directories(exports());
  EXPECT_EQ(write(model, exports() / "tones").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(names(exports()), UnorderedElementsAre());
}

TEST_F(ModelFolderTest, WhatIsNoExportedModelIsRefused) {
  fs::create_directories(exports());
  EXPECT_EQ(read_model_folder(exports()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(read_model_folder(exports() / "none").status().code(), absl::StatusCode::kNotFound);
  std::ofstream(exports() / kDescriptionFile) << "{";
  EXPECT_THAT(std::string(read_model_folder(exports()).status().message()), HasSubstr("is no JSON"));
  std::ofstream(exports() / kDescriptionFile) << "[1]";
  EXPECT_EQ(read_model_folder(exports()).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace melsweep::models
