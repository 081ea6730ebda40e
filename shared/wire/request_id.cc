#include "shared/wire/request_id.h"

#include <cstdint>
#include <random>

#include "absl/strings/str_cat.h"

namespace melsweep::wire {

RequestId make_request_id() {
  std::random_device random;  // each call draws 32 bits from the system
  std::string digits;
  for (int word = 0; word < 4; ++word) absl::StrAppend(&digits, absl::Hex(random(), absl::kZeroPad8));
  return RequestId{digits};
}

}  // namespace melsweep::wire
