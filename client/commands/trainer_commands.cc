#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <string>
#include <vector>

#include "client/commands/verbs.h"
#include "client/local/child_process.h"

namespace melsweep::commands {
namespace {

// Becomes the trainer: its output, progress and exit code are then ours. Returns, with 1, only when it cannot
// be started.
int become_trainer(const std::string& verb, std::vector<std::string> arguments) {
  const std::string program = local::sibling_program("melsweep-trainer").string();
  arguments.insert(arguments.begin(), {program, verb});
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  std::cerr << "melsweep: " << local::cannot_start(program, errno) << "\n";
  return 1;
}

void add_trainer_verb(CLI::App& app, int& exit_code, const std::string& name,
                      const std::string& description) {
  CLI::App* verb = app.add_subcommand(name, description);
  verb->footer("Its commands and options are in melsweep-trainer(1), and in what --help says behind each.");
  verb->prefix_command();  // everything behind the verb is the trainer's to read
  verb->set_help_flag();
  verb->callback([verb, name, &exit_code] { exit_code = become_trainer(name, verb->remaining()); });
}

}  // namespace

void add_trainer_commands(CLI::App& app, int& exit_code) {
  add_trainer_verb(app, exit_code, "data", "Generate a data set, or look into one: data synth, data inspect");
  add_trainer_verb(app, exit_code, "weights",
                   "Convert or verify pretrained weights: weights convert, weights verify");
}

}  // namespace melsweep::commands
