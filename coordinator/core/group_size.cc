#include "coordinator/core/group_size.h"

#include <algorithm>
#include <cassert>

namespace melsweep::core {
namespace {

std::int64_t divided(std::int64_t cost, int workers) {
  return cost / workers + (cost % workers == 0 ? 0 : 1);
}

}  // namespace

std::int64_t fair_share(const GroupQuestion& question) {
  assert(question.idle > 0);
  return std::min(divided(question.ready + question.leased, question.idle + question.busy),
                  divided(question.ready, question.idle));
}

}  // namespace melsweep::core
