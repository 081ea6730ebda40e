#include "worker/agent/worker_options.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

std::variant<WorkerOptions, int> parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"melsweep-worker", "--trainer", "/bin/true"});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  return parse_worker_options(static_cast<int>(argv.size()), argv.data());
}

WorkerOptions options(const std::vector<std::string>& arguments) {
  return std::get<WorkerOptions>(parse(arguments));
}

TEST(SharedArtifacts, AreNotSharedUnlessItIsSaid) {
  EXPECT_TRUE(options({}).shared_artifacts.empty());
}

TEST(SharedArtifacts, AreAFolderNamedByOptionOrEnvironment) {
  EXPECT_EQ(options({"--shared-artifacts", "/mnt/artifacts"}).shared_artifacts, "/mnt/artifacts");
  EXPECT_EQ(options({"--shared-artifacts", "artifacts"}).shared_artifacts, fs::current_path() / "artifacts");
  ::setenv("MELSWEEP_SHARED_ARTIFACTS", "/mnt/others", 1);
  EXPECT_EQ(options({}).shared_artifacts, "/mnt/others");
  EXPECT_EQ(options({"--shared-artifacts", "/mnt/artifacts"}).shared_artifacts, "/mnt/artifacts");
  ::unsetenv("MELSWEEP_SHARED_ARTIFACTS");
}

TEST(SharedArtifacts, AreSomewhere) {
  EXPECT_EQ(std::get<int>(parse({"--shared-artifacts", ""})), 2);
}

TEST(Place, IsWhateverTheProcessHasUnlessItIsSaid) {
  const WorkerOptions plain = options({});
  EXPECT_EQ(plain.gpus, "visible");
  EXPECT_TRUE(plain.processors.empty());
  EXPECT_TRUE(plain.labels.empty());
  EXPECT_FALSE(plain.stay.time_left);
  EXPECT_FALSE(plain.stay.idle);
}

TEST(Place, HasLabelsInOrderAndOnce) {
  EXPECT_EQ(options({"--label", "slow,fast", "--label", "fast"}).labels,
            (std::vector<std::string>{"fast", "slow"}));
  EXPECT_EQ(std::get<int>(parse({"--label", std::string(65, 'x')})), 2);
}

TEST(Place, HasTheProcessorsThatAreNamed) {
  EXPECT_EQ(options({"--cpus", "0-1,4"}).processors, (std::vector<int>{0, 1, 4}));
  EXPECT_EQ(std::get<int>(parse({"--cpus", "4-"})), 2);
}

TEST(Stay, IsLimitedByOptionOrByTheJob) {
  EXPECT_EQ(options({"--time-limit-s", "60"}).stay.time_left, std::chrono::seconds(60));
  EXPECT_EQ(options({"--idle-timeout-s", "300"}).stay.idle, std::chrono::seconds(300));
  EXPECT_EQ(options({"--time-margin-s", "7"}).stay.margin, std::chrono::seconds(7));
  EXPECT_FALSE(options({}).job_end);
  ::setenv("SLURM_JOB_END_TIME", "1795888000", 1);
  EXPECT_EQ(options({}).job_end, WallTime(std::chrono::seconds(1'795'888'000)));
  for (const char* no_moment : {"NONE", "", "0", "-1", "9223372036854775807"}) {
    ::setenv("SLURM_JOB_END_TIME", no_moment, 1);
    EXPECT_FALSE(options({}).job_end) << no_moment;
  }
  ::unsetenv("SLURM_JOB_END_TIME");
}

TEST(Metrics, AreServedWhereItIsSaidAndNowhereElse) {
  EXPECT_EQ(options({}).metrics_listen, "");
  EXPECT_EQ(options({"--metrics-listen", "127.0.0.1:9465"}).metrics_listen, "127.0.0.1:9465");
  EXPECT_EQ(options({}).metrics_plaintext, net::Plaintext::kLoopbackOnly);
  EXPECT_EQ(options({"--metrics-insecure"}).metrics_plaintext, net::Plaintext::kAnywhere);
  EXPECT_EQ(std::get<int>(parse({"--metrics-listen", "9465"})), 2);
  ::setenv("MELSWEEP_WORKER_METRICS_LISTEN", "127.0.0.1:1", 1);
  EXPECT_EQ(options({}).metrics_listen, "127.0.0.1:1");
  ::unsetenv("MELSWEEP_WORKER_METRICS_LISTEN");
}

}  // namespace
}  // namespace melsweep::agent
