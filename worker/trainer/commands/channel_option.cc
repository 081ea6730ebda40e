#include "worker/trainer/commands/channel_option.h"

#include <map>
#include <string>

namespace melsweep::commands {

void add_channel_option(CLI::App& verb, Channel& channel) {
  const std::map<std::string, Channel> names = {
      {"average", Channel::kAverage}, {"left", Channel::kLeft}, {"right", Channel::kRight}};
  verb.add_option_function<std::string>(
          "--channel", [&channel, names](const std::string& name) { channel = names.at(name); },
          "Signal of the file: average (the default), left or right")
      ->check(CLI::IsMember(names));
}

}  // namespace melsweep::commands
