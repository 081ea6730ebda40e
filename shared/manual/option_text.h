// An option or argument as a manual page shows it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace melsweep::manual {

// "-o, --output FILE", its names bold and the value's italic.
std::string term_roff(const CLI::Option& option);

// "[FILES]..."
std::string positional_roff(const CLI::Option& option);

// The description as sentences, then what may be given, what holds where nothing is, and what goes with it.
std::string explanation(const CLI::Option& option);

}  // namespace melsweep::manual
