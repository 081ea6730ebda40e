// JSON lines <-> messages. Decoding never throws and never trusts: a line that is too long, no JSON, of an
// unknown type, or with a missing or ill-typed field is an InvalidArgument that names the field.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "worker/trainer/protocol/messages.h"

namespace melsweep::protocol {

// One line each, without the newline. Numbers that JSON cannot hold (NaN, infinities) are written as null,
// and null is read back as NaN.
std::string encode(const Command& command);
std::string encode(const Event& event);

absl::StatusOr<Command> decode_command(std::string_view line);
absl::StatusOr<Event> decode_event(std::string_view line);

}  // namespace melsweep::protocol
