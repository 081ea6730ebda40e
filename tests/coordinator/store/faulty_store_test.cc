#include "tests/coordinator/store/faulty_store.h"

#include <gtest/gtest.h>

#include <vector>

#include "coordinator/store/memory_store.h"
#include "tests/coordinator/store/sample_records.h"

namespace melsweep::store {
namespace {

TEST(FaultyStore, FailsTheNamedCommitBeforeItIsApplied) {
  MemoryStore memory;
  FaultyStore faulty(memory);
  faulty.fail_commit(2, FaultyStore::Moment::kBefore, absl::UnavailableError("disk full"));
  EXPECT_TRUE(faulty.commit(std::vector<Write>{PutSweep{sample_sweep(1)}}).ok());
  EXPECT_EQ(faulty.commit(std::vector<Write>{PutSweep{sample_sweep(2)}}),
            absl::UnavailableError("disk full"));
  EXPECT_EQ(memory.load()->sweeps.size(), 1);
  EXPECT_TRUE(faulty.commit(std::vector<Write>{PutSweep{sample_sweep(2)}}).ok());
  EXPECT_EQ(faulty.load()->sweeps.size(), 2);
  EXPECT_EQ(faulty.commits(), 3);
}

TEST(FaultyStore, FailsACommitThatIsAppliedAllTheSame) {
  MemoryStore memory;
  FaultyStore faulty(memory);
  faulty.fail_commit(1, FaultyStore::Moment::kAfter, absl::InternalError("fsync"));
  EXPECT_EQ(faulty.commit(std::vector<Write>{PutSweep{sample_sweep(1)}}), absl::InternalError("fsync"));
  EXPECT_EQ(memory.load()->sweeps.size(), 1);
}

}  // namespace
}  // namespace melsweep::store
