// From the core's answers to the ends of calls.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <cassert>
#include <utility>
#include <variant>

#include "coordinator/core/events.h"
#include "coordinator/rpc/loop.h"
#include "shared/wire/status.h"

namespace melsweep::rpc {

// Ends the call with the refusal, or well after `fill` has put the answer, which is a Kind, into the
// response. The reactor must live until it is done.
template <class Kind, class Fill>
Completion finish(grpc::ServerUnaryReactor* reactor, Fill fill) {
  return [reactor, fill = std::move(fill)](const core::Answer& answer) {
    if (const auto* refused = std::get_if<core::Refused>(&answer)) {
      reactor->Finish(wire::to_grpc(refused->status));
      return;
    }
    const Kind* kind = std::get_if<Kind>(&answer);
    assert(kind != nullptr);
    fill(*kind);
    reactor->Finish(grpc::Status::OK);
  };
}

}  // namespace melsweep::rpc
