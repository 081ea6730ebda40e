// Where the next page of a list begins.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace melsweep::wire {

// Of the page behind this place of the list; empty for 0, the first page.
std::string page_token(std::int64_t after);

// InvalidArgument where no page_token() gave this text.
absl::StatusOr<std::int64_t> decode_page_token(const std::string& token);

}  // namespace melsweep::wire
