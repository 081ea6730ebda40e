#include "coordinator/core/ready_families.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace melsweep::core {
namespace {

TEST(ReadyFamilies, SumUpWhatIsThereWhateverCameAndWent) {
  std::mt19937 random(7);
  ReadyFamilies families;
  struct Waiting {
    WorkKey key;
    Grouping grouping;
  };
  std::vector<Waiting> waiting;
  for (int number = 1; number <= 2000; ++number) {
    if (random() % 3 == 0 && !waiting.empty()) {
      const Waiting gone = waiting[random() % waiting.size()];
      families.remove(gone.key, gone.grouping);
      std::erase_if(waiting, [&](const Waiting& one) { return one.key == gone.key; });
    }
    const WorkKey key{{1 + static_cast<std::int64_t>(random() % 2)}, number};
    const Grouping grouping{static_cast<int>(random() % 3), 50, random() % 4,
                            static_cast<std::int64_t>(random() % 100)};
    families.add(key, grouping);
    waiting.push_back({key, grouping});
  }
  for (const SweepId sweep : {SweepId{1}, SweepId{2}}) {
    EXPECT_EQ(families.cost(sweep, 0), 0) << "work of no family is not counted";
    for (const int family : {1, 2}) {
      std::int64_t expected = 0;
      for (const Waiting& one : waiting) {
        if (one.key.sweep == sweep && one.grouping.family == family) expected += one.grouping.cost;
      }
      EXPECT_GT(expected, 0);
      EXPECT_EQ(families.cost(sweep, family), expected);
    }
  }
}

TEST(ReadyFamilies, HaveNobodyBesideWorkOfNoFamily) {
  ReadyFamilies families;
  families.add({{1}, 1}, {});
  EXPECT_EQ(families.nearest({1}, {}), std::nullopt);
}

}  // namespace
}  // namespace melsweep::core
