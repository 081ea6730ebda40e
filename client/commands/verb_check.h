// Verbs that there are not.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace melsweep::commands {

// What is wrong with the verb that this command line names; nothing where `app` has it or none is named.
std::optional<std::string> refuse_verb(const CLI::App& app, int argc, const char* const* argv);

}  // namespace melsweep::commands
