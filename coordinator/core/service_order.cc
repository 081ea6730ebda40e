#include "coordinator/core/service_order.h"

#include <tuple>

namespace melsweep::core {

bool goes_before(const Claim& a, const Claim& b) {
  const auto place = [](const Claim& claim) {
    return std::tuple(!claim.is_first, !claim.looks_at_data, -claim.priority, claim.workers, claim.sweep);
  };
  return place(a) < place(b);
}

}  // namespace melsweep::core
