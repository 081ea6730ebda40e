// The work of each family that is ready to go out.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "coordinator/core/grouping.h"
#include "coordinator/core/work_key.h"
#include "shared/model/ids.h"

namespace melsweep::core {

// Every operation is O(log n). Work of no family is passed over.
class ReadyFamilies {
 public:
  // The key must not be in here.
  void add(const WorkKey& key, const Grouping& grouping);

  // The key must be in here with this grouping.
  void remove(const WorkKey& key, const Grouping& grouping);

  // Of all that is ready of the family.
  std::int64_t cost(SweepId sweep, int family) const;

  // Who goes out best beside work like this: one of its family with the same batch size and seed, else one
  // with others; the lowest number of these.
  std::optional<WorkKey> nearest(SweepId sweep, const Grouping& grouping) const;

 private:
  struct Place {
    std::int64_t batch_size = 0;
    std::uint64_t seed = 0;
    std::int64_t number = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Name {
    SweepId sweep;
    int family = 0;
    friend auto operator<=>(const Name&, const Name&) = default;
  };
  struct Family {
    std::set<Place> places;
    std::int64_t cost = 0;
  };

  std::map<Name, Family> families_;  // none without work
};

}  // namespace melsweep::core
