// The scripts by which shells ask `melsweep completion words` what to offer.
#pragma once

#include <string_view>

namespace melsweep::completion {

enum class Shell { kBash, kZsh, kFish };

// To be read by the shell, or put where it looks for completions.
std::string_view script_for(Shell shell);

// Stands alone in a line of the answer where files are to be offered, too.
inline constexpr std::string_view kFilesMark = ":files";

}  // namespace melsweep::completion
