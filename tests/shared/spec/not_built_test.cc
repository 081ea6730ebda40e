#include "shared/spec/not_built.h"

#include <gtest/gtest.h>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

TEST(NotBuilt, RefusesOtherSearchMethods) {
  for (const std::string method : {"random", "tpe", "cmaes", "pbt"}) {
    EXPECT_EQ(problems_in(with("search: {method: " + method + ", max_trials: 50, seed: 1}\n")),
              "f:8:18: search.method '" + method + "' is not built yet (use 'grid')\n");
  }
}

TEST(NotBuilt, RefusesOptionsThatTheGridDoesNotHave) {
  EXPECT_EQ(problems_in(with("search: {method: grid, max_trials: 50}\n")),
            "f:8:24: search.max_trials has no meaning with method: grid (leave it out)\n");
}

TEST(NotBuilt, RefusesEarlyStopping) {
  for (const std::string method : {"median", "asha", "hyperband"}) {
    EXPECT_EQ(problems_in(with("early_stopping: {method: " + method + "}\n")),
              "f:8:26: early_stopping.method '" + method + "' is not built yet (use 'none')\n");
  }
}

TEST(NotBuilt, RefusesRanges) {
  EXPECT_EQ(problems_in(with("parameters:\n  learning_rate: {min: 0.001, max: 0.1, scale: log}\n")),
            "f:9:18: parameters.learning_rate: ranges are not built yet (list the values to try, such as "
            "[0.005, 0.01, 0.05])\n");
}

}  // namespace
}  // namespace melsweep::spec
