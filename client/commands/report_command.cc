#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/local/child_process.h"
#include "client/output/time_text.h"
#include "client/report/chart_engine.h"
#include "client/report/comparison_report.h"
#include "client/report/findings.h"
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
  std::vector<std::string> compared;  // two of what `which` is; empty: a report of one
  std::string database;               // empty: the default one
  std::string file;                   // empty: the default one
  std::string data;                   // the data set's folder; empty: as the sweep names it
  std::string artifacts;              // the artifact folder; empty: as the database names it, or beside it
  bool without_pictures = false;
  double price_per_hour = 0.0;
  std::string version;

  fs::path target() const {
    if (!file.empty()) return file;
    return compared.empty() ? "report.html" : "comparison.html";
  }
  std::string database_file() const {
    return database.empty() ? files::default_database().string() : database;
  }
  bool is_markdown() const { return absl::EndsWithIgnoreCase(target().string(), ".md"); }
};

fs::path data_folder(const results::SweepStory& sweep, const ReportOptions& options) {
  if (!options.data.empty()) return options.data;
  const fs::path path = sweep.spec.dataset.path;
  return sweep.spec.dataset.format == DatasetFormat::kCsv ? path.parent_path() : path;
}

report::TrainerRenderer make_renderer() {
  return {local::sibling_program("melsweep-trainer"), files::default_worker_dir() / "renderings"};
}

report::ArtifactPlaces places(const ReportOptions& options) {
  return {.database = options.database_file(), .artifacts = options.artifacts};
}

// What the report says of pictures, for whoever waits for it.
void say(const report::Illustrations& illustrations) {
  if (!illustrations.kept().empty()) {
    std::cerr << "melsweep: " << illustrations.kept() << "\n";
  } else if (!illustrations.why().empty()) {
    std::cerr << "melsweep: no pictures of clips, because " << illustrations.why() << "\n";
  }
}

report::Illustrations illustrate(const results::Story& story, const ReportOptions& options) {
  using report::Illustrations;
  if (options.without_pictures) return Illustrations::none("the report was made with --no-pictures");
  const results::SweepStory* const sweep = report::decisive_sweep(story);
  if (sweep == nullptr) {
    return Illustrations::none("no trial has finished, so that there are no settings to draw with");
  }
  const std::vector<report::Wanted> wanted = report::wanted_views(story);
  report::TrainerRenderer renderer = make_renderer();
  Illustrations made =
      Illustrations::draw(*sweep, wanted, data_folder(story.sweeps.front(), options), renderer);
  made.add_kept(*sweep, wanted, places(options));
  say(made);
  return made;
}

report::ComparisonIllustrations illustrate(const report::Comparison& comparison,
                                           const ReportOptions& options) {
  if (options.without_pictures) {
    const auto none = report::Illustrations::none("the report was made with --no-pictures");
    return {.a = none, .b = none};
  }
  if (comparison.difference.clips == 0) return {};
  report::TrainerRenderer renderer = make_renderer();
  report::ComparisonIllustrations made =
      report::illustrate(comparison, data_folder(*comparison.a.sweep, options),
                         data_folder(*comparison.b.sweep, options), renderer, places(options));
  say(made.a);
  say(made.b);
  return made;
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

report::Circumstances circumstances(const ReportOptions& options) {
  const SystemClock clock;
  return {.database = options.database_file(),
          .version = options.version,
          .made_at = output::moment_text(clock.now().wall.time_since_epoch().count()),
          .price_per_hour = options.price_per_hour};
}

absl::StatusOr<report::Document> make_comparison(const ReportOptions& options) {
  const auto stories =
      results::read_stories(options.database_file(), {options.compared.front(), options.compared.back()});
  if (!stories.ok()) return stories.status();
  const report::Comparison comparison = report::compare(stories->front(), stories->back());
  if (report::compared_sweep(comparison.a).id == report::compared_sweep(comparison.b).id) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", options.compared.front(), "' and '", options.compared.back(), "' come down to the same ",
        report::sweep_text(report::compared_sweep(comparison.a)), ": name two that differ"));
  }
  return report::make_comparison(comparison, illustrate(comparison, options), circumstances(options));
}

absl::StatusOr<report::Document> make_report(const ReportOptions& options) {
  const absl::StatusOr<results::Story> story = results::read_story(options.database_file(), options.which);
  if (!story.ok()) return story.status();
  return report::make_report(*story, illustrate(*story, options), circumstances(options));
}

absl::Status write_report(const ReportOptions& options) {
  const fs::path target = options.target();
  if (!options.is_markdown() && !absl::EndsWithIgnoreCase(target.string(), ".html")) {
    return absl::InvalidArgumentError(
        absl::StrCat("a report is a file that ends in .html or .md, which '", target.string(), "' does not"));
  }
  const absl::StatusOr<report::Document> document =
      options.compared.empty() ? make_report(options) : make_comparison(options);
  if (!document.ok()) return document.status();
  return options.is_markdown() ? write_pages(*document, target) : write_page(*document, target);
}

int report(const ReportOptions& options) {
  const absl::Status status = write_report(options);
  if (!status.ok()) return report_error(status);
  std::cout << options.target().string() << "\n";
  return 0;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "report",
      "Write a report to look at: one HTML file, or Markdown, with charts, tables, pictures and sounds");
  auto options = std::make_shared<ReportOptions>();
  options->version = app.version();
  CLI::Option* which =
      verb->add_option("SWEEP", options->which, "A sweep's number or name, a study's name, or 'last'");
  which->capture_default_str();
  verb->add_option("--compare", options->compared,
                   "Two of them side by side, in place of SWEEP: which is better on the same clips")
      ->type_name("SWEEP")
      ->expected(2)
      ->excludes(which);
  add_path_option(*verb, "--db", options->database,
                  "The results database, also while it is in use; else $MELSWEEP_DB, else the default one");
  add_path_option(*verb, "-o,--output", options->file,
                  "FILE.html, or FILE.md with a folder FILE_files beside it; else report.html, of two "
                  "comparison.html");
  add_path_option(*verb, "--data", options->data,
                  "The data set's folder on this machine, where it is not where the sweep says");
  add_path_option(*verb, "--artifacts", options->artifacts,
                  "The artifact folder, where it is neither where the database says nor beside it: a final "
                  "training's mistakes are in it too");
  verb->add_flag("--no-pictures", options->without_pictures, "Leave out spectrograms, waveforms and sounds");
  verb->add_option("--price-per-hour", options->price_per_hour, "What an hour of one worker costs")
      ->check(CLI::NonNegativeNumber);
  verb->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace melsweep::commands
