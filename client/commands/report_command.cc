#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/local/child_process.h"
#include "client/output/time_text.h"
#include "client/report/chart_engine.h"
#include "client/report/html_writer.h"
#include "client/report/markdown_writer.h"
#include "client/report/report.h"
#include "client/report/trainer_renderer.h"
#include "shared/files/atomic_file.h"
#include "shared/files/places.h"
#include "shared/time/clock.h"

namespace melsweep::commands {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::string which = "last";
  std::string database;  // empty: the default one
  std::string file = "report.html";
  std::string data;  // the data set's folder; empty: as the sweep names it
  bool without_pictures = false;
  double price_per_hour = 0.0;
  std::string version;
};

report::Illustrations illustrate(const results::Story& story, const ReportOptions& options) {
  if (options.without_pictures) return report::Illustrations::none("the report was made with --no-pictures");
  const DatasetSpec& dataset = story.sweeps.front().spec.dataset;
  fs::path folder = dataset.path;
  if (dataset.format == DatasetFormat::kCsv) folder = folder.parent_path();
  if (!options.data.empty()) folder = options.data;
  report::TrainerRenderer renderer(local::sibling_program("melsweep-trainer"),
                                   files::default_worker_dir() / "renderings");
  return report::Illustrations::make(story, folder, renderer);
}

// Pictures first, so that a text that is there is whole.
absl::Status write_pages(const report::Document& document, const fs::path& file) {
  report::ChartEngine engine;
  fs::path folder = file;
  folder.replace_filename(absl::StrCat(file.stem().string(), "_files"));
  const auto pages = report::write_markdown(document, folder.filename().string(), engine);
  if (!pages.ok()) return pages.status();
  for (const auto& [name, content] : pages->files) {
    if (absl::Status status = files::write_atomically(folder / name, content); !status.ok()) return status;
  }
  return files::write_atomically(file, pages->text);
}

absl::Status write_page(const report::Document& document, const fs::path& file) {
  report::ChartEngine engine;
  const absl::StatusOr<std::string> html = report::write_html(document, engine);
  if (!html.ok()) return html.status();
  return files::write_atomically(file, *html);
}

absl::Status write_report(const ReportOptions& options) {
  const bool is_markdown = absl::EndsWithIgnoreCase(options.file, ".md");
  if (!is_markdown && !absl::EndsWithIgnoreCase(options.file, ".html")) {
    return absl::InvalidArgumentError(
        absl::StrCat("a report is a file that ends in .html or .md, which '", options.file, "' does not"));
  }
  const std::string database =
      options.database.empty() ? files::default_database().string() : options.database;
  const absl::StatusOr<results::Story> story = results::read_story(database, options.which);
  if (!story.ok()) return story.status();
  const report::Illustrations illustrations = illustrate(*story, options);
  if (!illustrations.why().empty() && !options.without_pictures) {
    std::cerr << "melsweep: no pictures of clips, because " << illustrations.why() << "\n";
  }
  const SystemClock clock;
  const report::Document document =
      report::make_report(*story, illustrations,
                          {.database = database,
                           .version = options.version,
                           .made_at = output::moment_text(clock.now().wall.time_since_epoch().count()),
                           .price_per_hour = options.price_per_hour});
  return is_markdown ? write_pages(document, options.file) : write_page(document, options.file);
}

int report(const ReportOptions& options) {
  const absl::Status status = write_report(options);
  if (!status.ok()) return report_error(status);
  std::cout << options.file << "\n";
  return 0;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "report",
      "Write a report to look at: one HTML file, or Markdown, with charts, tables, pictures and sounds");
  auto options = std::make_shared<ReportOptions>();
  options->version = app.version();
  verb->add_option("SWEEP", options->which, "A sweep's number or name, a study's name, or 'last'")
      ->capture_default_str();
  add_path_option(*verb, "--db", options->database,
                  "The results database, also while it is in use; else $MELSWEEP_DB, else the default one");
  add_path_option(*verb, "-o,--output", options->file,
                  "FILE.html, or FILE.md with a folder FILE_files beside it")
      ->capture_default_str();
  add_path_option(*verb, "--data", options->data,
                  "The data set's folder on this machine, where it is not where the sweep says");
  verb->add_flag("--no-pictures", options->without_pictures, "Leave out spectrograms, waveforms and sounds");
  verb->add_option("--price-per-hour", options->price_per_hour, "What an hour of one worker costs")
      ->check(CLI::NonNegativeNumber);
  verb->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace melsweep::commands
