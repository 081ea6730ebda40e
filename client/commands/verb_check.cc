#include "client/commands/verb_check.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/spec/problem_list.h"

namespace melsweep::commands {
namespace {

std::vector<std::string> verbs_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

}  // namespace

std::optional<std::string> refuse_verb(const CLI::App& app, int argc, const char* const* argv) {
  // What stands before the verb takes no values: --help, --version.
  const char* const* end = argv + argc;
  const char* const* found =
      std::find_if(argv + 1, end, [](const char* word) { return word[0] != '-' && word[0] != '\0'; });
  if (argc < 2 || found == end) return std::nullopt;
  const std::string verb = *found;
  const std::vector<std::string> verbs = verbs_of(app);
  if (std::find(verbs.begin(), verbs.end(), verb) != verbs.end()) return std::nullopt;
  const std::string hint = spec::did_you_mean(verb, verbs);
  return absl::StrCat("there is no verb '", verb, "' (",
                      hint.empty() ? "melsweep --help lists the verbs" : hint, ")");
}

}  // namespace melsweep::commands
