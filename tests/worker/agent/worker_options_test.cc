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

}  // namespace
}  // namespace melsweep::agent
