// Options that name a file or a folder.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace melsweep::commands {

// An empty name is refused: it would silently mean the working directory, or the default.
CLI::Option* add_path_option(CLI::App& verb, const std::string& name, std::string& path,
                             const std::string& description);

}  // namespace melsweep::commands
