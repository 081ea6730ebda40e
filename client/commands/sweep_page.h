// The manual page of the sweep YAML, made of its schema.
#pragma once

#include <string>

#include "shared/manual/man_pages.h"

namespace melsweep::commands {

// melsweep-sweep(5): every key with what it means, what it may be, and what holds without it.
manual::ManPage sweep_page(const std::string& version, const std::string& date);

}  // namespace melsweep::commands
