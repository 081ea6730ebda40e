// A piece of work as fields of the log.
#pragma once

#include <cstdint>
#include <variant>

#include "shared/log/fields.h"
#include "shared/model/assignment.h"

namespace melsweep::agent {

inline log::Fields work_fields(const WorkRef& work) {
  if (const auto* prepare = std::get_if<PrepareRef>(&work)) {
    return {{"sweep", prepare->sweep.value}, {"attempt", std::int64_t{prepare->epoch}}};
  }
  const auto& attempt = std::get<AttemptRef>(work);
  return {{"trial", attempt.trial.value}, {"attempt", std::int64_t{attempt.epoch}}};
}

}  // namespace melsweep::agent
