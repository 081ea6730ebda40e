// What is asked of Slurm's programs; tests/slurm asks the real ones.
#include "client/scaling/slurm_fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/scaling/stand_in.h"

namespace melsweep::scaling {
namespace {

using testing::ElementsAre;

class SlurmFleetTest : public testing::Test {
 protected:
  StandIns programs_;
  SlurmFleet fleet_{{.script = "/share/worker.sbatch",
                     .coordinator = "head:7070",
                     .sbatch = {"--gres=gpu:1"},
                     .worker = {"--label", "fast"}}};
};

TEST_F(SlurmFleetTest, ListsJobsThatRunAndThatWait) {
  programs_.add("squeue", "12 0 RUNNING\n12 1 PENDING\n14 N/A RUNNING\n15 0 COMPLETING\n16 2 REQUEUED");
  const auto members = fleet_.members();
  ASSERT_TRUE(members.ok()) << members.status();
  EXPECT_THAT(*members, ElementsAre(Member{"slurm-12-0", true}, Member{"slurm-12-1", false},
                                    Member{"slurm-14-0", true}, Member{"slurm-16-2", false}));
}

TEST_F(SlurmFleetTest, StartsAnArrayOfJobs) {
  programs_.add("sbatch", "17");
  ASSERT_TRUE(fleet_.start(0).ok());
  EXPECT_EQ(programs_.asked(), "");
  ASSERT_TRUE(fleet_.start(3).ok());
  EXPECT_EQ(programs_.asked(),
            "sbatch|--parsable|--array=0-2|--export=ALL,MELSWEEP_COORDINATOR=head:7070|--gres=gpu:1|"
            "/share/worker.sbatch|--label|fast\n");
}

TEST_F(SlurmFleetTest, CancelsJobsByTheirNumbers) {
  programs_.add("scancel");
  ASSERT_TRUE(fleet_.withdraw({}).ok());
  ASSERT_TRUE(fleet_.withdraw({"slurm-12-1", "slurm-14-0"}).ok());
  EXPECT_EQ(programs_.asked(), "scancel|12_1|14_0\n");
}

}  // namespace
}  // namespace melsweep::scaling
