// --channel average|left|right, as several verbs take it.
#pragma once

#include <CLI/CLI.hpp>

#include "shared/model/settings.h"

namespace melsweep::commands {

// `channel` keeps its value where the option is not given; it outlives the parse.
void add_channel_option(CLI::App& verb, Channel& channel);

}  // namespace melsweep::commands
