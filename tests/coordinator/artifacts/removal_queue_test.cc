#include "coordinator/artifacts/removal_queue.h"

#include <gtest/gtest.h>

#include "tests/shared/artifacts/artifact_root.h"

namespace melsweep::artifacts {
namespace {

TEST(RemovalQueue, HasRemovedEverythingWhenItEnds) {
  const ArtifactRoot root;
  const auto folder = ArtifactFolder::open(root.path(), StoreId{"store"});
  ASSERT_TRUE(folder.ok()) << folder.status();
  std::vector<ArtifactName> names;
  for (std::int64_t step = 0; step < 100; ++step) {
    names.push_back({SweepId{1}, {TrialId{1 + step % 7}, 1}, step});
    root.put(names.back(), "x");
  }
  const ArtifactName kept{SweepId{1}, {TrialId{1}, 1}, 1'000};
  root.put(kept, "x");
  {
    RemovalQueue queue(**folder);
    for (const ArtifactName& name : names) queue.remove({.names = {name}});
  }
  EXPECT_EQ(root.files(), (std::vector<std::string>{path_of(kept).string()}));
}

}  // namespace
}  // namespace melsweep::artifacts
