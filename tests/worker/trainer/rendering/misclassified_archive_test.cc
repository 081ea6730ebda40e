#include "worker/trainer/rendering/misclassified_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "shared/files/tar_archive.h"
#include "tests/worker/trainer/rendering/rendering_fixture.h"

namespace melsweep::rendering {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

Prediction prediction(const std::string& clip, int predicted, float probability) {
  return {.clip = clip,
          .true_class = 0,
          .predicted_class = predicted,
          .probabilities = {1.0F - probability, probability}};
}

class MisclassifiedArchiveTest : public testing::Test {
 protected:
  MisclassifiedArchiveTest() {
    dataset_.format = DatasetFormat::kCsv;
    dataset_.path = (folder_.path() / "manifest.csv").string();
    evaluation_.split = Split::kTest;
    evaluation_.classes = {"dog", "rain"};
  }

  // A clip that was taken for another class with this probability.
  void add_error(const std::string& id, float probability) {
    write_tone(folder_.path() / id, 440.0, 0.2);
    clips_.push_back(
        {.id = id, .group = id, .content_hash = files::sha256_file(folder_.path() / id).value()});
    evaluation_.predictions.push_back(prediction(id, 1, probability));
  }

  std::vector<RenderItem> items() const {
    return misclassified_items(evaluation_, dataset_, clips_, FeatureSettings{});
  }

  absl::Status write(std::int64_t max_bytes = kMaxMisclassifiedBytes) const {
    return write_misclassified(items(), {.target = target_, .max_bytes = max_bytes});
  }

  files::TarArchive read() const {
    auto archive = files::TarArchive::read(target_, std::size_t{1} << 26);
    EXPECT_TRUE(archive.ok()) << archive.status();
    return *std::move(archive);
  }

  json list() const { return json::parse(read().member("rendered.json").value())["items"]; }

  audio::TestFolder folder_{"melsweep-misclassified-test"};
  fs::path target_ = folder_.path() / "attempt" / "step-9.misclassified.tar";
  DatasetSpec dataset_;
  Evaluation evaluation_;
  std::vector<Clip> clips_;
};

TEST_F(MisclassifiedArchiveTest, HasTheMostConfidentErrorsFirst) {
  add_error("b.wav", 0.6F);
  add_error("a.wav", 0.9F);
  add_error("d.wav", 0.7F);
  add_error("c.wav", 0.7F);
  evaluation_.predictions.push_back(prediction("right.wav", 0, 0.0F));
  std::vector<std::string> clips;
  for (const RenderItem& item : items()) {
    if (item.kind == RenderKind::kSpectrogram) clips.push_back(item.clip);
  }
  EXPECT_EQ(clips, (std::vector<std::string>{"a.wav", "c.wav", "d.wav", "b.wav"}));
  EXPECT_EQ(items().front().path, folder_.path() / "a.wav");
  EXPECT_EQ(items().front().sha256, clips_[1].content_hash);
}

TEST_F(MisclassifiedArchiveTest, HasAPictureAndASoundOfEach) {
  add_error("a.wav", 0.9F);
  add_error("b.wav", 0.6F);
  ASSERT_TRUE(write().ok());
  const files::TarArchive archive = read();
  const json made = list();
  ASSERT_EQ(made.size(), 4U);
  const char* files[] = {"s-1.png", "a-1.ogg", "s-2.png", "a-2.ogg"};
  const char* clips[] = {"a.wav", "a.wav", "b.wav", "b.wav"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(made[i]["file"], files[i]);
    EXPECT_EQ(made[i]["clip"], clips[i]);
    EXPECT_GT(archive.member(files[i]).value().size(), 100U);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(target_.parent_path()), fs::directory_iterator()), 1)
      << "the archive, and nothing else";
}

TEST_F(MisclassifiedArchiveTest, HasTheHashesOfAllThatIsInIt) {
  add_error("a.wav", 0.9F);
  ASSERT_TRUE(write().ok());
  const files::TarArchive archive = read();
  std::string expected;
  for (const char* name : {"rendered.json", "s-1.png", "a-1.ogg"}) {
    expected += files::sha256(archive.member(name).value()) + "  " + name + "\n";
  }
  EXPECT_EQ(archive.member("SHA256SUMS").value(), expected);
}

TEST_F(MisclassifiedArchiveTest, LeavesOutWhatDoesNotFit) {
  for (int i = 0; i < 4; ++i) add_error(std::to_string(i) + ".wav", 0.9F - 0.1F * static_cast<float>(i));
  ASSERT_TRUE(write().ok());
  const auto whole = static_cast<std::int64_t>(fs::file_size(target_));
  ASSERT_TRUE(write(whole - 1).ok());
  EXPECT_LE(static_cast<std::int64_t>(fs::file_size(target_)), whole - 1);
  const json made = list();
  EXPECT_TRUE(made[6].contains("file"));
  EXPECT_EQ(made[7]["error"], "left out for its size");
  EXPECT_EQ(made[7]["clip"], "3.wav");
  ASSERT_TRUE(write(0).ok());
  for (const json& item : list()) EXPECT_TRUE(item.contains("error"));
}

TEST_F(MisclassifiedArchiveTest, HasSoManyClipsAtMost) {
  for (int i = 0; i < 250; ++i) {
    clips_.push_back({.id = std::to_string(i), .group = "g", .content_hash = std::string(64, '0')});
    evaluation_.predictions.push_back(prediction(std::to_string(i), 1, 0.5F));
  }
  EXPECT_EQ(items().size(), 2 * kMaxMisclassifiedClips);
}

TEST_F(MisclassifiedArchiveTest, SaysWhatCouldNotBeMade) {
  add_error("a.wav", 0.9F);
  add_error("b.wav", 0.6F);
  fs::remove(folder_.path() / "a.wav");
  ASSERT_TRUE(write().ok());
  const json made = list();
  EXPECT_THAT(made[0]["error"].get<std::string>(), HasSubstr("a.wav does not exist"));
  EXPECT_EQ(made[0]["clip"], "a.wav");
  EXPECT_TRUE(made[2].contains("file"));
}

TEST_F(MisclassifiedArchiveTest, IsTheSameEachTime) {
  add_error("a.wav", 0.9F);
  ASSERT_TRUE(write().ok());
  const std::string first = audio::read_bytes(target_);
  ASSERT_TRUE(write().ok());
  EXPECT_EQ(audio::read_bytes(target_), first);
}

TEST_F(MisclassifiedArchiveTest, IsNotThereWhereItWasInterrupted) {
  add_error("a.wav", 0.9F);
  const absl::Status status =
      write_misclassified(items(), {.target = target_, .is_interrupted = [] { return true; }});
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_FALSE(fs::exists(target_));
}

}  // namespace
}  // namespace melsweep::rendering
