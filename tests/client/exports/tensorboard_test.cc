#include "client/exports/tensorboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "melsweep/v1/tensorboard.pb.h"
#include "tests/shared/results/finished_trials.h"

namespace melsweep::exports {
namespace {

namespace fs = std::filesystem;

class TensorboardTest : public results::FinishedTrials {
 protected:
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(out())) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  static std::vector<v1::TensorboardEvent> events(const fs::path& path) {
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string bytes = text.str();
    std::vector<v1::TensorboardEvent> found;
    for (std::size_t at = 0; at < bytes.size();) {
      std::uint64_t length = 0;
      std::memcpy(&length, bytes.data() + at, sizeof(length));
      EXPECT_TRUE(found.emplace_back().ParseFromString(bytes.substr(at + 12, length)));
      at += 12 + length + 4;
    }
    return found;
  }

  fs::path out() const { return folder_.path() / "boards"; }
};

TEST_F(TensorboardTest, ATrialIsAFileOfItsCurves) {
  finish(1, {{.name = "learning_rate", .value = 0.05}}, 0.8, {said("a", 0, 0, 0.9F)});
  finish(2, {{.name = "learning_rate", .value = 0.5}}, 0.9, {said("a", 0, 0, 0.9F)});
  const auto written = write_tensorboard(path_, std::nullopt, out());
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(*written, 2);
  ASSERT_EQ(files().size(), 2);
  EXPECT_EQ(fs::relative(files()[0], out()),
            "1-lr-batch-grid/trial-001_learning_rate=0.05/events.out.tfevents.1760000002.melsweep");
  const auto found = events(files()[0]);
  ASSERT_EQ(found.size(), 5);
  EXPECT_EQ(found[0].file_version(), "brain.Event:2");
  EXPECT_EQ(found[3].step(), 500);
  EXPECT_EQ(found[3].summary().value(0).tag(), "validation/accuracy");
  EXPECT_EQ(found[3].summary().value(0).simple_value(), 0.1F);
  EXPECT_EQ(found[3].wall_time(), 1'760'000'005.0);  // half of the way from start to end
  EXPECT_EQ(found[4].summary().value(0).simple_value(), 0.8F);
  EXPECT_EQ(found[4].wall_time(), 1'760'000'008.0);
}

TEST_F(TensorboardTest, ATrialSaysWhatItTriedForTheHparamsPage) {
  finish(1, {{.name = "learning_rate", .value = 0.05}, {.name = "optimizer", .value = std::string("adam")}},
         0.8, {said("a", 0, 0, 0.9F)});
  ASSERT_TRUE(write_tensorboard(path_, std::nullopt, out()).ok());
  const auto found = events(files().at(0));
  ASSERT_GE(found.size(), 3);
  const v1::TensorboardValue& start = found[1].summary().value(0);
  EXPECT_EQ(start.tag(), "_hparams_/session_start_info");
  EXPECT_EQ(start.metadata().plugin_data().plugin_name(), "hparams");
  v1::TensorboardHparams said_first;
  ASSERT_TRUE(said_first.ParseFromString(start.metadata().plugin_data().content()));
  const auto& session = said_first.session_start_info();
  EXPECT_EQ(session.group_name(), "sweep-1_learning_rate=0.05_optimizer=adam");
  EXPECT_EQ(session.start_time_secs(), 1'760'000'002.0);
  ASSERT_EQ(session.hparams().size(), 2);
  EXPECT_EQ(session.hparams().at("learning_rate").number_value(), 0.05);
  EXPECT_EQ(session.hparams().at("optimizer").string_value(), "adam");
  v1::TensorboardHparams said_last;
  const v1::TensorboardValue& end = found[2].summary().value(0);
  EXPECT_EQ(end.tag(), "_hparams_/session_end_info");
  ASSERT_TRUE(said_last.ParseFromString(end.metadata().plugin_data().content()));
  EXPECT_EQ(said_last.session_end_info().status(), 1);
  EXPECT_EQ(said_last.session_end_info().end_time_secs(), 1'760'000'008.0);
}

TEST_F(TensorboardTest, AnotherExportReplacesTheFirst) {
  finish(1, {}, 0.8, {said("a", 0, 0, 0.9F)});
  ASSERT_TRUE(write_tensorboard(path_, "last", out()).ok());
  ASSERT_TRUE(write_tensorboard(path_, "1", out()).ok());
  EXPECT_EQ(files().size(), 1);
}

TEST_F(TensorboardTest, ASweepThatIsNotThereIsToldAndNothingMade) {
  EXPECT_EQ(write_tensorboard(path_, "other", out()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(fs::exists(out()));
}

}  // namespace
}  // namespace melsweep::exports
