// Which sweep, trial, attempt and worker an entry of the journal is about.
#pragma once

#include "coordinator/store/store.h"
#include "shared/log/fields.h"

namespace melsweep::rpc {

// Those that the write names.
log::Fields journal_fields(const store::Write& write);

}  // namespace melsweep::rpc
