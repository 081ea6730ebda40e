#include "coordinator/core/waiting_line.h"

#include <algorithm>
#include <cassert>

namespace melsweep::core {

void WaitingLine::add(ParkedLease parked) {
  assert(find(parked.worker) == nullptr);
  const std::uint64_t place = ++last_place_;
  by_worker_.emplace(parked.worker, place);
  for (const Token token : parked.tokens) by_token_.emplace(token, place);
  deadlines_.emplace(parked.deadline, place);
  places_.emplace(place, std::move(parked));
}

const ParkedLease* WaitingLine::find(const WorkerId& worker) const {
  const auto found = by_worker_.find(worker);
  return found == by_worker_.end() ? nullptr : &places_.at(found->second);
}

void WaitingLine::join(const WorkerId& worker, Token token, MonotonicTime deadline) {
  const std::uint64_t place = by_worker_.at(worker);
  ParkedLease& parked = places_.at(place);
  parked.tokens.push_back(token);
  by_token_.emplace(token, place);
  if (deadline >= parked.deadline) return;
  deadlines_.erase({parked.deadline, place});
  parked.deadline = deadline;
  deadlines_.emplace(deadline, place);
}

ParkedLease WaitingLine::take(const WorkerId& worker) {
  return take_place(by_worker_.at(worker));
}

std::vector<ParkedLease> WaitingLine::take_due(MonotonicTime now) {
  std::vector<ParkedLease> due;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    due.push_back(take_place(deadlines_.begin()->second));
  }
  return due;
}

bool WaitingLine::abandon(Token token) {
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return false;
  const std::uint64_t place = found->second;
  std::vector<Token>& tokens = places_.at(place).tokens;
  if (tokens.size() == 1) {
    take_place(place);
    return true;
  }
  tokens.erase(std::find(tokens.begin(), tokens.end(), token));
  by_token_.erase(found);
  return true;
}

std::optional<MonotonicTime> WaitingLine::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

ParkedLease WaitingLine::take_place(std::uint64_t place) {
  auto taken = places_.extract(place);
  ParkedLease parked = std::move(taken.mapped());
  by_worker_.erase(parked.worker);
  for (const Token token : parked.tokens) by_token_.erase(token);
  deadlines_.erase({parked.deadline, place});
  return parked;
}

}  // namespace melsweep::core
