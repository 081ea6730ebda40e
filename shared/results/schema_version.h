// What marks a file as a results database of ours. coordinator/store writes both numbers, readers check them.
#pragma once

#include <cstdint>

namespace melsweep::results {

// SQLite's application_id: "MLSW".
inline constexpr std::int32_t kApplicationId = 0x4D4C5357;

// SQLite's user_version: the number of the last migration in coordinator/store/migrations.
inline constexpr int kSchemaVersion = 6;

}  // namespace melsweep::results
