// Checks that every decode() shares, and that RPC handlers make of a request's own fields.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace melsweep::wire {

inline constexpr std::size_t kMaxNameBytes = 256;
inline constexpr std::size_t kMaxClipBytes = 4096;  // of a clip's id, which is a path
inline constexpr int kMaxClasses = 10'000;
inline constexpr int kMaxLabels = 64;  // of a worker

// InvalidArgument "<field>: <what>".
inline absl::Status bad_field(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

// A strong number id; the coordinator counts from 1.
template <class Id>
absl::StatusOr<Id> decode_id(absl::string_view field, std::int64_t value) {
  if (value <= 0) return bad_field(field, absl::StrCat("must be positive, is ", value));
  return Id{value};
}

// A strong text id: neither empty nor longer than kMaxNameBytes.
template <class Id>
absl::StatusOr<Id> decode_name(absl::string_view field, const std::string& value) {
  if (value.empty()) return bad_field(field, "must not be empty");
  if (value.size() > kMaxNameBytes)
    return bad_field(field, absl::StrCat("must be at most ", kMaxNameBytes, " bytes"));
  return Id{value};
}

inline absl::Status check_length(absl::string_view field, const std::string& value, std::size_t most) {
  if (value.size() <= most) return absl::OkStatus();
  return bad_field(field, absl::StrCat("must be at most ", most, " bytes"));
}

// The names of classes; their number bounds the confusion matrix.
inline absl::Status check_classes(absl::string_view field,
                                  const google::protobuf::RepeatedPtrField<std::string>& classes) {
  if (classes.size() > kMaxClasses)
    return bad_field(field, absl::StrCat("are ", classes.size(), "; at most ", kMaxClasses, " are allowed"));
  for (const std::string& name : classes) {
    if (absl::Status status = check_length(field, name, kMaxClipBytes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// A fencing number: 0 is before the first lease, so nobody holds it.
inline absl::Status check_epoch(std::int32_t epoch) {
  if (epoch > 0) return absl::OkStatus();
  return bad_field("epoch", absl::StrCat("must be positive, is ", epoch));
}

// A count, a step or a time.
inline absl::Status check_not_negative(absl::string_view field, std::int64_t value) {
  if (value >= 0) return absl::OkStatus();
  return bad_field(field, absl::StrCat("must not be negative, is ", value));
}

// An index into a list of `size`.
inline absl::Status check_index(absl::string_view field, std::int64_t value, std::size_t size) {
  if (value >= 0 && static_cast<std::size_t>(value) < size) return absl::OkStatus();
  return bad_field(field, absl::StrCat(value, " is not one of the ", size, " classes"));
}

// `decode_one` of every element of a repeated field, in order, or the first error.
template <class Message, class DecodeOne>
auto decode_all(const google::protobuf::RepeatedPtrField<Message>& messages, DecodeOne decode_one)
    -> absl::StatusOr<std::vector<typename std::invoke_result_t<DecodeOne, const Message&>::value_type>> {
  std::vector<typename std::invoke_result_t<DecodeOne, const Message&>::value_type> all;
  all.reserve(static_cast<std::size_t>(messages.size()));
  for (const Message& message : messages) {
    auto one = decode_one(message);
    if (!one.ok()) return one.status();
    all.push_back(*std::move(one));
  }
  return all;
}

}  // namespace melsweep::wire
