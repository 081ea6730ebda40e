#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "client/certs/folders.h"
#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "shared/net/host_name.h"
#include "shared/time/clock.h"

namespace melsweep::commands {
namespace {

constexpr int kMaxDays = 36'500;

struct CertsOptions {
  std::string folder;
  std::vector<std::string> hosts;
  int days = 365;

  certs::FolderOptions folder_options() const {
    return {.hosts = hosts, .validity = std::chrono::hours(24) * days};
  }
};

int say(const absl::Status& status, const CertsOptions& options) {
  if (!status.ok()) return report_error(status);
  std::cerr << "in " << options.folder << ":\n"
            << "  coordinator/  melsweep-coordinator --credentials; copy it to the coordinator's machine\n"
            << "  worker/       melsweep-worker --credentials; copy it to each worker's machine\n"
            << "  client/       melsweep --credentials, for those who submit and read\n"
            << "  authority/    signs the others: keep it where nobody else reads\n";
  return 0;
}

void add_options(CLI::App& verb, CertsOptions& options) {
  verb.add_option("DIR", options.folder, "The folder of the certificates")->required();
  verb.add_option(
          "--host", options.hosts,
          "A name or address that the coordinator is reached by; repeatable. renew keeps those of init")
      ->allow_extra_args(false);
  verb.add_option("--days", options.days, "How long the certificates are good")
      ->check(CLI::Range(1, kMaxDays))
      ->capture_default_str();
}

}  // namespace

void add_certs_command(CLI::App& app, int& exit_code) {
  CLI::App* group = app.add_subcommand("certs", "Make and renew the certificates and tokens of a cluster");
  group->require_subcommand(1);
  auto options = std::make_shared<CertsOptions>();
  CLI::App* init = group->add_subcommand("init", "Make an authority, certificates and tokens in DIR");
  add_options(*init, *options);
  init->callback([options, &exit_code] {
    // The names that this machine has; --host adds those that others know it by.
    for (const std::string& name :
         {std::string("localhost"), std::string("127.0.0.1"), std::string("::1"), net::host_name()}) {
      if (!name.empty()) options->hosts.push_back(name);
    }
    exit_code = say(certs::make_folders(options->folder, options->folder_options(), SystemClock().now().wall),
                    *options);
  });
  CLI::App* renew = group->add_subcommand(
      "renew", "Make new certificates and tokens in DIR; running programs go on, old tokens for a day");
  add_options(*renew, *options);
  renew->callback([options, &exit_code] {
    exit_code = say(
        certs::renew_folders(options->folder, options->folder_options(), SystemClock().now().wall), *options);
  });
}

}  // namespace melsweep::commands
