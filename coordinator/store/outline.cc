#include "coordinator/store/outline.h"

#include <utility>

namespace melsweep::store {

SweepRecord outline_of(SweepRecord sweep) {
  SweepSpec spec;
  spec.name = std::move(sweep.spec.name);
  spec.objective = std::move(sweep.spec.objective);
  sweep.spec = std::move(spec);
  sweep.yaml.clear();
  sweep.study.sources.clear();
  return sweep;
}

}  // namespace melsweep::store
