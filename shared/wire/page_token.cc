#include "shared/wire/page_token.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "shared/wire/decoding.h"

namespace melsweep::wire {

std::string page_token(std::int64_t after) {
  return after == 0 ? "" : absl::StrCat(after);
}

absl::StatusOr<std::int64_t> decode_page_token(const std::string& token) {
  if (token.empty()) return 0;
  std::int64_t after = 0;
  if (!absl::SimpleAtoi(token, &after) || after <= 0) {
    return bad_field("page_token", "must be a next_page_token of this list, or empty");
  }
  return after;
}

}  // namespace melsweep::wire
