#include "shared/manual/man_pages.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "shared/files/atomic_file.h"
#include "shared/manual/option_text.h"
#include "shared/manual/roff.h"

namespace melsweep::manual {
namespace {

// In the order of their definition, without the hidden ones.
std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* verb) { return !verb->get_group().empty(); });
}

std::vector<const CLI::Option*> positionals_of(const CLI::App& app) {
  return app.get_options(
      [](const CLI::Option* option) { return !option->get_group().empty() && option->get_positional(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options(
      [](const CLI::Option* option) { return !option->get_group().empty() && option->nonpositional(); });
}

// "melsweep db check"
std::string words_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : absl::StrCat(words_of(*parent), " ", app.get_name());
}

// "melsweep-db-check"
std::string page_name_of(const CLI::App& app) {
  return absl::StrReplaceAll(words_of(app), {{" ", "-"}});
}

std::string synopsis_of(const CLI::App& app) {
  std::string roff = bold(words_of(app));
  if (!options_of(app).empty()) absl::StrAppend(&roff, " [", italic("OPTION"), "]...");
  for (const CLI::Option* positional : positionals_of(app)) {
    absl::StrAppend(&roff, " ", positional_roff(*positional));
  }
  if (!verbs_of(app).empty())
    absl::StrAppend(&roff, " ", italic("COMMAND"), " [", italic("ARGUMENT"), "]...");
  if (app.get_prefix_command()) absl::StrAppend(&roff, " [", italic("ARGUMENT"), "]...");
  return roff;
}

std::string sentence(std::string text) {
  if (!text.empty() && !absl::ascii_ispunct(static_cast<unsigned char>(text.back()))) text += '.';
  return text;
}

// Lines that are set in columns stay as they are; others are prose.
void write_footer(Page& page, const std::string& footer) {
  if (footer.empty()) return;
  if (footer.find("  ") != std::string::npos) {
    page.lines(footer);
  } else {
    page.paragraph(footer);
  }
}

void write_items(Page& page, const std::vector<const CLI::Option*>& options) {
  for (const CLI::Option* option : options) page.item(term_roff(*option), explanation(*option));
}

// A verb on the page of what it belongs to, and the verbs below it.
void write_verb(Page& page, const CLI::App& verb) {
  page.subsection(words_of(verb));
  page.paragraph_of(synopsis_of(verb));
  page.paragraph(sentence(verb.get_description()));
  write_footer(page, verb.get_footer());
  write_items(page, positionals_of(verb));
  write_items(page, options_of(verb));
  for (const CLI::App* below : verbs_of(verb)) write_verb(page, *below);
}

void write_verbs(Page& page, const CLI::App& app, bool are_elsewhere) {
  const std::vector<const CLI::App*> verbs = verbs_of(app);
  if (verbs.empty()) return;
  page.section("COMMANDS");
  for (const CLI::App* verb : verbs) {
    if (are_elsewhere) {
      page.item(absl::StrCat(bold(page_name_of(*verb)), "(1)"), sentence(verb->get_description()));
    } else {
      write_verb(page, *verb);
    }
  }
}

void write_environment(Page& page, const CLI::App& app) {
  std::vector<const CLI::Option*> named = options_of(app);
  std::erase_if(named, [](const CLI::Option* option) { return option->get_envname().empty(); });
  if (named.empty()) return;
  page.section("ENVIRONMENT");
  for (const CLI::Option* option : named) {
    page.item(bold(option->get_envname()),
              absl::StrCat("Stands for --", option->get_lnames().front(), " where that is not given."));
  }
}

void write_entries(Page& page, const char* title, const std::vector<Entry>& entries) {
  if (entries.empty()) return;
  page.section(title);
  for (const Entry& entry : entries) page.item(bold(entry.term), sentence(entry.meaning));
}

void write_see_also(Page& page, const std::vector<std::string>& pages) {
  if (pages.empty()) return;
  page.section("SEE ALSO");
  page.paragraph_of(absl::StrJoin(pages, ",\n", [](std::string* out, const std::string& name) {
    const std::size_t bracket = std::min(name.find('('), name.size());
    absl::StrAppend(out, bold(name.substr(0, bracket)), plain(name.substr(bracket)));
  }));
}

// Everything but what stands at the end.
Page page_of(const CLI::App& app, const Manual& manual, bool verbs_are_elsewhere) {
  Page page({.title = page_name_of(app),
             .section = 1,
             .date = manual.date,
             .source = absl::StrCat("Melsweep ", manual.version)});
  page.section("NAME");
  page.paragraph_of(absl::StrCat(plain(page_name_of(app)), " \\- ", plain(app.get_description())));
  page.section("SYNOPSIS");
  page.paragraph_of(synopsis_of(app));
  page.section("DESCRIPTION");
  page.paragraph(sentence(app.get_description()));
  write_footer(page, app.get_footer());
  if (!positionals_of(app).empty()) {
    page.section("ARGUMENTS");
    write_items(page, positionals_of(app));
  }
  if (!options_of(app).empty()) {
    page.section("OPTIONS");
    write_items(page, options_of(app));
  }
  write_verbs(page, app, verbs_are_elsewhere);
  write_environment(page, app);
  return page;
}

}  // namespace

std::vector<ManPage> man_pages(const CLI::App& app, const Manual& manual) {
  Page page = page_of(app, manual, manual.has_page_for_each_verb);
  write_entries(page, "EXIT STATUS", manual.exit_codes);
  write_entries(page, "FILES", manual.files);
  write_see_also(page, manual.see_also);
  std::vector<ManPage> pages{{page_name_of(app) + ".1", page.text()}};
  pages.insert(pages.end(), manual.more.begin(), manual.more.end());
  if (!manual.has_page_for_each_verb) return pages;
  for (const CLI::App* verb : verbs_of(app)) {
    Page of_verb = page_of(*verb, manual, false);
    write_see_also(of_verb, {page_name_of(app) + "(1)"});
    pages.push_back({page_name_of(*verb) + ".1", of_verb.text()});
  }
  return pages;
}

void add_man_pages_option(CLI::App& app, std::function<Manual()> manual) {
  app.add_option_function<std::string>(
         "--man-pages",
         [&app, manual = std::move(manual)](const std::string& folder) {
           std::vector<std::string> written;
           for (const ManPage& page : man_pages(app, manual())) {
             const std::filesystem::path file = std::filesystem::path(folder) / page.file;
             if (const absl::Status status = files::write_atomically(file, page.text); !status.ok())
               throw CLI::ValidationError("--man-pages", std::string(status.message()));
             written.push_back(file.string());
           }
           // As --version ends a program: with 0, and this text.
           throw CLI::CallForVersion(absl::StrJoin(written, "\n"), 0);
         },
         "Write the manual pages into this folder")
      ->group("");
}

}  // namespace melsweep::manual
