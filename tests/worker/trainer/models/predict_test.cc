#include "worker/trainer/models/predict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <utility>
#include <vector>

#include "tests/worker/trainer/models/trained_fixture.h"

namespace melsweep::models {
namespace {

namespace fs = std::filesystem;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// Says how wide the pictures would be.
class FrameCounter final : public Classifier {
 public:
  absl::Status classify(std::span<const audio::SpectrogramView> spectrograms,
                        std::span<float> probabilities) override {
    for (std::size_t i = 0; i < spectrograms.size(); ++i) {
      probabilities[i] = static_cast<float>(spectrograms[i].frames);
    }
    return absl::OkStatus();
  }
};

class PredictTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  fs::path tone(const std::string& name, double seconds) {
    training::write_tone(folder / name, 440.0, seconds);
    return folder / name;
  }

  void predict(const std::vector<fs::path>& files, const WindowOptions& windows) {
    FrameCounter classifier;
    FeatureSettings features;
    features.sample_rate = 8000;
    const absl::Status status = predict_files(
        files, classifier,
        {.features = features,
         .labels = 1,
         .windows = windows,
         .predicted = [this](const SoundPrediction& sound) { found.push_back(sound); },
         .failed = [this](const absl::Status& why) { failures.emplace_back(why.message()); },
         .progress = [this](std::size_t done, std::size_t total) { progress.emplace_back(done, total); }});
    EXPECT_TRUE(status.ok()) << status;
  }

  fs::path folder = fs::path(testing::TempDir()) / "predict_test";
  std::vector<SoundPrediction> found;
  std::vector<std::string> failures;
  std::vector<std::pair<std::size_t, std::size_t>> progress;
};

TEST_F(PredictTest, AWholeFileIsOnePicture) {
  predict({tone("a.wav", 3.0)}, {});
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].start_s, 0.0);
  EXPECT_THAT(found[0].end_s, DoubleNear(3.0, 1e-9));
  EXPECT_THAT(found[0].probabilities, ElementsAre(1.0F + 24000 / 512));
}

TEST_F(PredictTest, WindowsComeInOrderAndAreAsLongAsAsked) {
  predict({tone("a.wav", 2.5)}, {.window_s = 1.0, .hop_s = 0.5});
  std::vector<double> starts;
  for (const SoundPrediction& sound : found) {
    starts.push_back(sound.start_s);
    EXPECT_THAT(sound.end_s - sound.start_s, DoubleNear(1.0, 1e-9));
    EXPECT_THAT(sound.probabilities, ElementsAre(1.0F + 8000 / 512));
  }
  EXPECT_THAT(starts, ElementsAre(0.0, 0.5, 1.0, 1.5));
}

TEST_F(PredictTest, MoreWindowsThanAreClassifiedAtOnceAllComeInOrder) {
  predict({tone("a.wav", 20.0), tone("b.wav", 0.2)}, {.window_s = 0.2, .hop_s = 0.1});
  ASSERT_EQ(found.size(), 199U + 1U);
  for (std::size_t i = 1; i < 199; ++i) EXPECT_GT(found[i].start_s, found[i - 1].start_s);
  EXPECT_EQ(found.back().file.filename(), "b.wav");
}

TEST_F(PredictTest, AFileThatIsNoSoundIsNamedAndTheRestDone) {
  const fs::path noise = folder / "text.wav";
  std::ofstream(noise) << "this is no sound";
  predict({tone("a.wav", 0.5), noise, folder / "missing.wav", tone("b.wav", 0.5)}, {});
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[1].file.filename(), "b.wav");
  EXPECT_THAT(failures, ElementsAre(HasSubstr("text.wav"), HasSubstr("missing.wav")));
  EXPECT_THAT(progress, ElementsAre(Pair(1, 4), Pair(2, 4), Pair(3, 4), Pair(4, 4)));
}

}  // namespace
}  // namespace melsweep::models
