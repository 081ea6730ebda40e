// Whether a coordinator has a database file open.
#pragma once

#include <filesystem>

namespace melsweep::local {

// True while some process holds the lock `<database>.lock`, which a coordinator keeps as long as it lives. A
// file that cannot be looked at counts as owned: nobody should be told that its coordinator is gone.
bool has_owner(const std::filesystem::path& database);

}  // namespace melsweep::local
