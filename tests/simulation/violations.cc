#include "tests/simulation/violations.h"

#include <utility>

namespace melsweep::simulation {

void Violations::add(std::string what) {
  if (!first_) first_ = std::move(what);
}

}  // namespace melsweep::simulation
