// Hands work from producing threads to one that consumes it, a few pieces at a time, so that memory stays
// bounded.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace melsweep::features {

// Any thread may call anything.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // Waits for room. False, and the piece is dropped, once stop is requested.
  bool push(T piece, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return pieces_.size() < capacity_; })) return false;
    pieces_.push_back(std::move(piece));
    changed_.notify_all();
    return true;
  }

  // Waits for a piece. Nothing once stop is requested and none is there.
  std::optional<T> pop(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return !pieces_.empty(); })) return std::nullopt;
    std::optional<T> piece(std::move(pieces_.front()));
    pieces_.pop_front();
    changed_.notify_all();
    return piece;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<T> pieces_;
  std::size_t capacity_;
};

}  // namespace melsweep::features
