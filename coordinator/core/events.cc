#include "coordinator/core/events.h"

#include <cassert>
#include <utility>

namespace melsweep::core {

void Outbox::answer(Token token, Answer answer) {
  replies.push_back({token, std::move(answer)});
}

void Outbox::refuse(Token token, absl::Status status) {
  assert(!status.ok());
  answer(token, Refused{std::move(status)});
}

}  // namespace melsweep::core
