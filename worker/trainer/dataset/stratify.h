// Dividing clips by chance, the same way on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/dataset.h"

namespace melsweep::dataset {

// What must stay together: a recording with all of its clips, or a single clip.
struct Unit {
  std::string name;                     // unique
  std::vector<std::int64_t> per_class;  // [classes], its clips of each class
};

struct Fractions {
  double validation = 0.0;
  double test = 0.0;  // 0 = no test split; the rest trains
};

// The split of each unit, in the order given. Every class is divided by the fractions as closely as its units
// allow, and stands in every split when it has a unit for each (in training first, then validation). The
// result depends on the units' names, counts and the seed, not on their order; the arithmetic is in integers,
// so not on the machine either.
std::vector<Split> stratify(const std::vector<Unit>& units, const Fractions& fractions, std::uint64_t seed);

}  // namespace melsweep::dataset
