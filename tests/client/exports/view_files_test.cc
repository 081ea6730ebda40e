#include "client/exports/view_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/shared/results/finished_trials.h"

namespace melsweep::exports {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

class ViewFilesTest : public results::FinishedTrials {
 protected:
  void SetUp() override {
    FinishedTrials::SetUp();
    finish(1, {{.name = "learning_rate", .value = 0.05}}, 0.8, {said("fold9/a, \"b\".wav", 0, 1, 0.9F)});
  }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(out())) found.insert(entry.path().filename());
    return found;
  }

  std::vector<std::string> lines(const std::string& name) const {
    std::ifstream file(out() / name);
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);) found.push_back(line);
    return found;
  }

  fs::path out() const { return folder_.path() / "views"; }
};

TEST_F(ViewFilesTest, EveryViewIsAFileOfItsRows) {
  const auto written = write_views(path_, std::nullopt, out(), ViewFormat::kCsv);
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(*written, static_cast<std::int64_t>(names().size()));
  EXPECT_THAT(names(),
              IsSupersetOf({"best_run.csv", "leaderboard.csv", "trial_metrics.csv", "class_metrics.csv",
                            "confusion.csv", "misclassified.csv", "stage_times.csv"}));
  for (const char* part : {"ranked_trials.csv", "all_warnings.csv", "finished_evaluations.csv"}) {
    EXPECT_THAT(names(), Not(Contains(part)));
  }
  ASSERT_EQ(lines("trial_metrics.csv").size(), 1 + 2);
  EXPECT_EQ(lines("trial_metrics.csv")[0], "sweep_id,sweep,trial,step,metric,value,trial_id\r");
  ASSERT_EQ(lines("misclassified.csv").size(), 1 + 1);
  EXPECT_THAT(lines("misclassified.csv")[1], HasSubstr(R"("fold9/a, ""b"".wav")"));
}

TEST_F(ViewFilesTest, JsonLinesAreAnObjectEach) {
  ASSERT_TRUE(write_views(path_, "last", out(), ViewFormat::kJsonLines).ok());
  ASSERT_EQ(lines("leaderboard.jsonl").size(), 1);
  const auto json = nlohmann::json::parse(lines("leaderboard.jsonl")[0]);
  EXPECT_EQ(json["trial"], 1);
  EXPECT_EQ(json["objective"], 0.8);
  EXPECT_TRUE(json["fold"].is_null());
}

TEST_F(ViewFilesTest, ASweepThatIsNotThereIsToldAndNothingMade) {
  EXPECT_EQ(write_views(path_, "other", out(), ViewFormat::kCsv).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(fs::exists(out()));
}

}  // namespace
}  // namespace melsweep::exports
