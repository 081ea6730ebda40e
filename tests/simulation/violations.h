// What was seen that must never be.
#pragma once

#include <optional>
#include <string>

namespace melsweep::simulation {

// The first counts: what comes after it may follow from it.
class Violations {
 public:
  void add(std::string what);
  const std::optional<std::string>& first() const { return first_; }

 private:
  std::optional<std::string> first_;
};

}  // namespace melsweep::simulation
