#include "coordinator/core/ready_families.h"

#include <cassert>

namespace melsweep::core {

void ReadyFamilies::add(const WorkKey& key, const Grouping& grouping) {
  if (grouping.family == 0) return;
  Family& family = families_[{key.sweep, grouping.family}];
  const bool is_new = family.places.insert({grouping.batch_size, grouping.seed, key.number}).second;
  assert(is_new);
  family.cost += is_new ? grouping.cost : 0;
}

void ReadyFamilies::remove(const WorkKey& key, const Grouping& grouping) {
  if (grouping.family == 0) return;
  const auto family = families_.find({key.sweep, grouping.family});
  assert(family != families_.end());
  family->second.places.erase({grouping.batch_size, grouping.seed, key.number});
  family->second.cost -= grouping.cost;
  if (family->second.places.empty()) families_.erase(family);
}

std::int64_t ReadyFamilies::cost(SweepId sweep, int family) const {
  const auto found = families_.find({sweep, family});
  return found == families_.end() ? 0 : found->second.cost;
}

std::optional<WorkKey> ReadyFamilies::nearest(SweepId sweep, const Grouping& grouping) const {
  const auto family = families_.find({sweep, grouping.family});
  if (family == families_.end()) return std::nullopt;
  const std::set<Place>& places = family->second.places;
  auto place = places.lower_bound({grouping.batch_size, grouping.seed, 0});
  if (place == places.end()) place = places.begin();
  return WorkKey{sweep, place->number};
}

}  // namespace melsweep::core
