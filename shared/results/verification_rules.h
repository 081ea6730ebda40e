// What must hold between the rows of one sweep, as queries for the rows where it does not.
#pragma once

#include <span>
#include <string_view>

namespace melsweep::results {

struct VerificationRule {
  std::string_view name;
  // With the sweep's id as ?1; gives (trial number or NULL, what is wrong).
  std::string_view violations;
};

std::span<const VerificationRule> verification_rules();

}  // namespace melsweep::results
