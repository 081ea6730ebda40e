// Names of requests, so that one that is repeated is done once.
#pragma once

#include "shared/model/ids.h"

namespace melsweep::wire {

// 128 random bits as 32 hex digits. Make one for a request and use it in every retry of it. Thread-safe.
RequestId make_request_id();

}  // namespace melsweep::wire
