#include "worker/agent/worker_options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "shared/files/places.h"
#include "shared/manual/man_pages.h"
#include "shared/net/address.h"
#include "shared/net/host_name.h"
#include "worker/agent/processors.h"

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDayS = 86'400;

constexpr int kMaxThreads = 1024;
constexpr std::size_t kMaxLabels = 64;
constexpr std::size_t kMaxLabelBytes = 64;
constexpr char kAboutSignals[] =
    R"(SIGTERM, SIGINT and SIGUSR1 (Slurm: --signal=B:USR1@120) make it give back what it does, which costs no
attempt, and leave with 0, ready to be queued again. A second signal ends it at once, with 2. It leaves with 1
where the coordinator refuses it, or where it could not give its work back.)";

std::string check_address(const std::string& text) {
  const auto address = net::parse_address(text);
  return address.ok() ? "" : std::string(address.status().message());
}

// The trainer that was installed with this worker.
fs::path trainer_beside_this_program() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return self.parent_path() / "melsweep-trainer";
}

// Empty, or why the trainer cannot be run.
std::string check_trainer(const fs::path& trainer) {
  if (::access(trainer.c_str(), X_OK) == 0 && fs::is_regular_file(trainer)) return "";
  return "there is no program at " + trainer.string() + ": name the trainer with --trainer";
}

std::string check_is_named(const std::string& path) {
  return path.empty() ? "the path is empty" : "";
}

std::string check_label(const std::string& label) {
  if (!label.empty() && label.size() <= kMaxLabelBytes) return "";
  return "a label has 1 to " + std::to_string(kMaxLabelBytes) + " characters";
}

// Nothing where the text is no such moment.
std::optional<WallTime> parse_unix_seconds(const std::string& text) {
  std::int64_t moment = 0;
  const char* end_of_text = text.data() + text.size();
  const auto [end_of_number, error] = std::from_chars(text.data(), end_of_text, moment);
  const bool is_moment = error == std::errc() && end_of_number == end_of_text && moment > 0 &&
                         moment <= WallTime::max().time_since_epoch() / std::chrono::seconds(1);
  if (!is_moment) return std::nullopt;
  return WallTime(std::chrono::seconds(moment));
}

// What the worker has, and for how long it stays.
void add_place_options(CLI::App& app, WorkerOptions& options) {
  app.add_option(
         "--gpus", options.gpus,
         "Which GPUs are its own: none, or numbers or UUIDs as CUDA_VISIBLE_DEVICES has them (0 or 0,1); "
         "visible: all that this process sees. A trainer computes on the first: start one worker for each")
      ->envname("MELSWEEP_GPUS")
      ->capture_default_str();
  app.add_option("--gpu-share", options.gpu_share,
                 "The part of its GPUs' memory that is its own, where several workers share one")
      ->envname("MELSWEEP_GPU_SHARE")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--cpus", [&options](const std::string& text) { options.processors = *parse_processor_list(text); },
         "The processors that it and its trainer may use, such as 0-3,8; all if not given")
      ->envname("MELSWEEP_CPUS")
      ->check([](const std::string& text) {
        const auto processors = parse_processor_list(text);
        return processors.ok() ? std::string() : std::string(processors.status().message());
      });
  app.add_option("--label", options.labels,
                 "A word that sweeps may ask for (resources.labels); may be given several times, or as a,b")
      ->envname("MELSWEEP_LABELS")
      ->delimiter(',')
      ->check(check_label);
  app.add_option_function<std::int64_t>(
         "--idle-timeout-s", [&options](std::int64_t s) { options.stay.idle = std::chrono::seconds(s); },
         "Leave after so many seconds without work; never if not given")
      ->envname("MELSWEEP_IDLE_TIMEOUT_S")
      ->check(CLI::Range(std::int64_t{1}, 365 * kDayS));
  app.add_option_function<std::int64_t>(
         "--time-limit-s", [&options](std::int64_t s) { options.stay.time_left = std::chrono::seconds(s); },
         "Be gone in so many seconds; under Slurm the job's own limit if not given")
      ->envname("MELSWEEP_TIME_LIMIT_S")
      ->check(CLI::Range(std::int64_t{1}, 365 * kDayS));
  app.add_option_function<std::int64_t>(
         "--time-margin-s", [&options](std::int64_t s) { options.stay.margin = std::chrono::seconds(s); },
         "So long before its time is up it gives back what it does: enough to write and send a checkpoint")
      ->envname("MELSWEEP_TIME_MARGIN_S")
      ->check(CLI::Range(std::int64_t{0}, kDayS))
      ->default_str(std::to_string(options.stay.margin.count() / 1000));
}

void tidy_labels(std::vector<std::string>& labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

void add_metrics_options(CLI::App& app, WorkerOptions& options) {
  app.add_option("--metrics-listen", options.metrics_listen,
                 "HOST:PORT to serve /metrics, /healthz and /readyz on, over plain HTTP; as 127.0.0.1:9465. "
                 "Nowhere if not given")
      ->check(check_address)
      ->envname("MELSWEEP_WORKER_METRICS_LISTEN");
  app.add_flag_function(
         "--metrics-insecure",
         [&options](std::int64_t) { options.metrics_plaintext = net::Plaintext::kAnywhere; },
         "Let that be an address beyond this machine: whoever reaches it can read the metrics")
      ->envname("MELSWEEP_METRICS_INSECURE");
}

void add_options(CLI::App& app, WorkerOptions& options, std::string& log_format, bool& insecure) {
  app.add_option("--coordinator", options.coordinator, "The coordinator's HOST:PORT")
      ->envname("MELSWEEP_COORDINATOR")
      ->check(check_address)
      ->capture_default_str();
  app.add_option("--data-dir", options.data_dir,
                 "Where feature caches and checkpoints go; workers of one host may share it")
      ->check(check_is_named)
      ->envname("MELSWEEP_DATA_DIR");
  app.add_option(
         "--shared-artifacts", options.shared_artifacts,
         "The coordinator's --artifacts folder, where this machine has it mounted: checkpoints are copied "
         "there instead of being sent")
      ->check(check_is_named)
      ->envname("MELSWEEP_SHARED_ARTIFACTS");
  app.add_option("--name", options.name, "What the worker is called; the host's name if not given")
      ->envname("MELSWEEP_WORKER_NAME");
  app.add_option("--trainer", options.trainer,
                 "The trainer's program; melsweep-trainer beside this one if not given")
      ->envname("MELSWEEP_TRAINER");
  app.add_option("--threads", options.threads, "Threads that the trainer computes with; 0: it chooses")
      ->envname("MELSWEEP_THREADS")
      ->check(CLI::Range(0, kMaxThreads))
      ->capture_default_str();
  app.add_option_function<std::int64_t>(
         "--trainer-silence-s",
         [&options](std::int64_t s) { options.trainer_silence = std::chrono::seconds(s); },
         "A trainer at work that says nothing for so many seconds is ended, and its attempt failed")
      ->envname("MELSWEEP_TRAINER_SILENCE_S")
      ->check(CLI::Range(std::int64_t{1}, kDayS))
      ->default_str(std::to_string(options.trainer_silence.count()));
  app.add_option_function<double>(
         "--checkpoint-every-s",
         [&options](double s) {
           options.checkpoint_every = std::chrono::milliseconds(static_cast<std::int64_t>(s * 1'000));
         },
         "Seconds between two checkpoints of a trial at work; 0: only when it is stopped")
      ->envname("MELSWEEP_CHECKPOINT_EVERY_S")
      ->check(CLI::Range(0.0, static_cast<double>(kDayS)))
      ->default_str("60");
  app.add_option("--log-format", log_format, "human, or json for one JSON object a line")
      ->envname("MELSWEEP_LOG_FORMAT")
      ->check(CLI::IsMember({"human", "json"}))
      ->capture_default_str();
  app.add_option("--credentials", options.credentials,
                 "Folder with this worker's certificate and token, made by melsweep certs init")
      ->envname("MELSWEEP_WORKER_CREDENTIALS");
  app.add_flag("--insecure", insecure,
               "Talk to a coordinator on another machine without encryption or authentication");
  add_metrics_options(app, options);
  app.add_option("--exit-with-parent", options.parent,
                 "Stop when the program that started this one, which has this process id, dies")
      ->check(CLI::PositiveNumber);
}

manual::Manual facts() {
  return {.version = MELSWEEP_VERSION,
          .date = MELSWEEP_RELEASE_DATE,
          .exit_codes = {{"0", "It was told to leave, or its time was up, and its work is given back"},
                         {"1", "The coordinator refused it, or it could not give its work back"},
                         {"2", "The command line is wrong, or it was told to leave at once"}},
          .files = {{"~/.cache/melsweep", "Its feature caches, where no folder is named"},
                    {"/etc/melsweep/worker.env",
                     "The environment of the services melsweep-worker@NAME, where it was installed as one"},
                    {"/etc/melsweep/worker-NAME.env", "What one of them has besides, or instead"}},
          .see_also = {"melsweep(1)", "melsweep-coordinator(1)", "melsweep-trainer(1)"}};
}

}  // namespace

std::variant<WorkerOptions, int> parse_worker_options(int argc, char** argv) {
  CLI::App app("Takes trials from a coordinator and has a trainer run them", "melsweep-worker");
  app.set_version_flag("--version", MELSWEEP_VERSION);
  app.footer(kAboutSignals);
  WorkerOptions options;
  std::string log_format = "human";
  bool insecure = false;
  add_options(app, options, log_format, insecure);
  add_place_options(app, options);
  manual::add_man_pages_option(app, facts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (options.data_dir.empty()) options.data_dir = files::default_worker_dir();
  if (options.name.empty()) options.name = net::host_name();
  if (options.trainer.empty()) options.trainer = trainer_beside_this_program();
  options.data_dir = fs::absolute(options.data_dir);
  options.trainer = fs::absolute(options.trainer);
  if (!options.shared_artifacts.empty()) options.shared_artifacts = fs::absolute(options.shared_artifacts);
  if (const char* end = std::getenv("SLURM_JOB_END_TIME")) options.job_end = parse_unix_seconds(end);
  tidy_labels(options.labels);
  options.log_format = *log::parse_log_format(log_format);
  if (insecure) options.plaintext = net::Plaintext::kAnywhere;
  if (options.labels.size() > kMaxLabels) {
    std::cerr << "melsweep-worker: more than " << kMaxLabels << " labels\n";
    return 2;
  }
  if (const std::string problem = check_trainer(options.trainer); !problem.empty()) {
    std::cerr << "melsweep-worker: " << problem << "\n";
    return 2;
  }
  return options;
}

}  // namespace melsweep::agent
