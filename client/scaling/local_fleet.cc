#include "client/scaling/local_fleet.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "shared/wire/request_id.h"

namespace melsweep::scaling {
namespace {

namespace fs = std::filesystem;

constexpr char kNamePrefix[] = "local-";
constexpr std::size_t kNameDigits = 6;

struct Process {
  pid_t pid = 0;
  std::string name;
};

std::string value_of(const std::vector<std::string>& arguments, const std::string& option) {
  const auto found = std::find(arguments.begin(), arguments.end(), option);
  return found == arguments.end() || std::next(found) == arguments.end() ? "" : *std::next(found);
}

// What a process was started with; empty where it has ended or is another user's.
std::vector<std::string> arguments_of(const fs::path& process) {
  std::ifstream file(process / "cmdline", std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return absl::StrSplit(text, '\0', absl::SkipEmpty());
}

std::optional<Process> member_at(const fs::path& process, const LocalOptions& options) {
  const std::string number = process.filename().string();
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), pid);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  const std::vector<std::string> arguments = arguments_of(process);
  if (arguments.empty() || fs::path(arguments[0]).filename() != options.program.filename())
    return std::nullopt;
  const std::string name = value_of(arguments, "--name");
  if (!name.starts_with(kNamePrefix) || value_of(arguments, "--coordinator") != options.coordinator) {
    return std::nullopt;
  }
  return Process{pid, name};
}

std::vector<Process> processes(const LocalOptions& options) {
  std::vector<Process> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    if (auto member = member_at(entry.path(), options)) found.push_back(*std::move(member));
  }
  return found;
}

}  // namespace

LocalFleet::~LocalFleet() {
  for (local::ChildProcess& child : started_) child.let_go();
}

absl::StatusOr<std::vector<Member>> LocalFleet::members() {
  std::erase_if(started_, [](local::ChildProcess& child) { return child.poll().has_value(); });
  std::vector<Member> members;
  for (const Process& process : processes(options_)) members.push_back({process.name, true});
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
  return members;
}

absl::Status LocalFleet::start(int count) {
  const fs::path logs = options_.data_dir / "logs";
  std::error_code error;
  fs::create_directories(logs, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make folder ", logs.string(), ": ", error.message()));
  for (int i = 0; i < count; ++i) {
    const std::string name = absl::StrCat(kNamePrefix, wire::make_request_id().value.substr(0, kNameDigits));
    std::vector<std::string> arguments = {"--coordinator", options_.coordinator,      "--name", name,
                                          "--data-dir",    options_.data_dir.string()};
    arguments.insert(arguments.end(), options_.worker.begin(), options_.worker.end());
    auto child = local::ChildProcess::start(options_.program, arguments, logs / absl::StrCat(name, ".log"));
    if (!child.ok()) return child.status();
    started_.push_back(*std::move(child));
  }
  return absl::OkStatus();
}

absl::Status LocalFleet::withdraw(const std::vector<std::string>& names) {
  for (const Process& process : processes(options_)) {
    if (std::find(names.begin(), names.end(), process.name) != names.end()) ::kill(process.pid, SIGTERM);
  }
  return absl::OkStatus();
}

}  // namespace melsweep::scaling
