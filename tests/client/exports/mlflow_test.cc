#include "client/exports/mlflow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/shared/results/finished_trials.h"

namespace melsweep::exports {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class MlflowTest : public results::FinishedTrials {
 protected:
  static std::string text(const fs::path& path) {
    std::stringstream read;
    read << std::ifstream(path).rdbuf();
    return read.str();
  }

  std::vector<fs::path> runs() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(out() / "1")) {
      if (entry.is_directory()) found.push_back(entry.path());
    }
    return found;
  }

  fs::path out() const { return folder_.path() / "mlruns"; }
};

TEST_F(MlflowTest, ASweepIsAnExperimentAndATrialARun) {
  finish(1, {{.name = "learning_rate", .value = 0.05}}, 0.8, {said("a", 0, 0, 0.9F)});
  const auto written = write_mlflow(path_, "1", out());
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(*written, 1);
  EXPECT_THAT(text(out() / "1" / "meta.yaml"),
              AllOf(HasSubstr("experiment_id: '1'\n"), HasSubstr("name: 'lr-batch-grid (sweep 1)'\n")));
  ASSERT_EQ(runs().size(), 1);
  const fs::path run = runs()[0];
  EXPECT_THAT(text(run / "meta.yaml"),
              AllOf(HasSubstr("run_id: " + run.filename().string() + "\n"), HasSubstr("status: 3\n"),
                    HasSubstr("run_name: 'trial-001_learning_rate=0.05'\n")));
  EXPECT_EQ(text(run / "params" / "learning_rate"), "0.05");
  EXPECT_EQ(text(run / "metrics" / "validation" / "accuracy"),
            "1760000005000 0.1 500\n1760000008000 0.8 1000\n");
  EXPECT_TRUE(fs::is_directory(run / "artifacts"));
}

TEST_F(MlflowTest, AnotherExportReplacesTheFirst) {
  finish(1, {}, 0.8, {said("a", 0, 0, 0.9F)});
  ASSERT_TRUE(write_mlflow(path_, std::nullopt, out()).ok());
  ASSERT_TRUE(write_mlflow(path_, std::nullopt, out()).ok());
  EXPECT_EQ(runs().size(), 1);
}

}  // namespace
}  // namespace melsweep::exports
