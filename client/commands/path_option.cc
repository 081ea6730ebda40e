#include "client/commands/path_option.h"

namespace melsweep::commands {

CLI::Option* add_path_option(CLI::App& verb, const std::string& name, std::string& path,
                             const std::string& description) {
  const auto refuse_empty = [](const std::string& given) {
    return std::string(given.empty() ? "the path is empty" : "");
  };
  return verb.add_option(name, path, description)->check(refuse_empty);
}

}  // namespace melsweep::commands
