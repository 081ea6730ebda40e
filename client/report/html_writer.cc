#include "client/report/html_writer.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/report/embedded.h"
#include "client/report/html_escape.h"
#include "shared/files/digest.h"

namespace melsweep::report {
namespace {

// What charts are drawn for where no script fits them to the window, in CSS pixels.
constexpr int kWide = 1000;
constexpr int kNarrow = 350;

// A table with more is set smaller on paper.
constexpr std::size_t kPaperColumns = 11;

std::string attribute(std::string_view name, std::string_view value) {
  return absl::StrCat(" ", std::string(name), "=\"", escape_html(value), "\"");
}

// For the page's policy: only these very scripts run.
std::string script_hash(const std::string& script) {
  return absl::StrCat("'sha256-", absl::Base64Escape(absl::HexStringToBytes(files::sha256(script))), "'");
}

// JSON inside a script element: no '<' that could end it.
std::string json_element(const std::string& json) {
  return absl::StrCat("<script type=\"application/json\">", absl::StrReplaceAll(json, {{"<", "\\u003c"}}),
                      "</script>\n");
}

class Writer {
 public:
  explicit Writer(ChartEngine& engine) : engine_(engine) {}

  absl::Status write(const Section& section) {
    absl::StrAppend(&html_, "<section", attribute("id", section.id),
                    attribute("aria-labelledby", "h-" + section.id), ">\n<h2",
                    attribute("id", "h-" + section.id), ">", escape_html(section.title),
                    "</h2>\n<p class=\"finding\">", escape_html(section.finding), "</p>\n");
    for (const Block& block : section.blocks) {
      if (absl::Status status = std::visit([this](const auto& held) { return add(held); }, block);
          !status.ok()) {
        return status;
      }
    }
    html_ += "</section>\n";
    return absl::OkStatus();
  }

  std::string take() { return std::move(html_); }

 private:
  absl::Status add(const Paragraph& paragraph) {
    absl::StrAppend(&html_, "<p>", escape_html(paragraph.text), "</p>\n");
    return absl::OkStatus();
  }

  absl::Status add(const Notice& notice) {
    absl::StrAppend(&html_, "<p class=\"notice\">", escape_html(notice.text), "</p>\n");
    return absl::OkStatus();
  }

  absl::Status add(const Heading& heading) {
    absl::StrAppend(&html_, "<h3>", escape_html(heading.text), "</h3>\n");
    return absl::OkStatus();
  }

  absl::Status add(const Listing& listing) {
    const std::string text = absl::StrCat("<pre tabindex=\"0\">", escape_html(listing.text), "</pre>\n");
    if (listing.folded) {
      absl::StrAppend(&html_, "<details><summary>", escape_html(listing.caption), "</summary>\n", text,
                      "</details>\n");
    } else {
      absl::StrAppend(&html_, "<h3>", escape_html(listing.caption), "</h3>\n", text);
    }
    return absl::OkStatus();
  }

  absl::Status add(const DataTable& table) {
    if (table.folded)
      absl::StrAppend(&html_, "<details><summary>", escape_html(table.caption), "</summary>\n");
    write_table(table);
    if (table.folded) html_ += "</details>\n";
    return absl::OkStatus();
  }

  absl::Status add(const Chart& chart) {
    absl::StrAppend(&html_, "<figure", attribute("data-height", absl::StrCat(chart.height)),
                    ">\n<figcaption>", escape_html(chart.title),
                    "</figcaption>\n<div class=\"drawn\" role=\"img\"",
                    attribute("aria-label", absl::StrCat(chart.title, ". ", chart.description)), ">\n");
    for (const auto& [name, width] : {std::pair("wide", kWide), std::pair("narrow", kNarrow)}) {
      const absl::StatusOr<std::string> svg = engine_.draw(chart.data, width, chart.height);
      if (!svg.ok()) return svg.status();
      absl::StrAppend(&html_, "<div class=\"", name, "\">", *svg, "</div>\n");
    }
    absl::StrAppend(&html_, "</div>\n", json_element(chart.data),
                    "<details><summary>In numbers: ", escape_html(chart.table.caption), "</summary>\n");
    write_table(chart.table);
    html_ += "</details>\n</figure>\n";
    return absl::OkStatus();
  }

  absl::Status add(const ClipCards& cards) {
    absl::StrAppend(&html_, "<ul class=\"cards", cards.can_be_filtered ? " filtered" : "", "\"",
                    attribute("id", cards.key), ">\n");
    for (const ClipCard& card : cards.cards) write_card(card);
    html_ += "</ul>\n";
    return absl::OkStatus();
  }

  void write_card(const ClipCard& card) {
    absl::StrAppend(&html_, "<li", attribute("data-filter", card.filter), "><h3>", escape_html(card.title),
                    "</h3>\n");
    for (const Picture& picture : card.pictures) {
      absl::StrAppend(&html_, "<div role=\"img\"", attribute("aria-label", picture.description), ">",
                      picture.svg, "</div>\n");
    }
    html_ += "<dl>";
    for (const auto& [what, text] : card.facts) {
      absl::StrAppend(&html_, "<dt>", escape_html(what), "</dt><dd>", escape_html(text), "</dd>");
    }
    html_ += "</dl>\n";
    if (card.sound) {
      absl::StrAppend(&html_, "<audio controls preload=\"metadata\"",
                      attribute("aria-label", card.sound->title),
                      " src=\"data:", escape_html(card.sound->media_type), ";base64,",
                      absl::Base64Escape(card.sound->bytes), "\"></audio>\n");
    }
    html_ += "</li>\n";
  }

  void write_table(const DataTable& table) {
    absl::StrAppend(&html_, "<div class=\"scroll\" tabindex=\"0\" role=\"group\"",
                    attribute("aria-label", table.caption), "><table", attribute("id", table.key),
                    table.columns.size() > kPaperColumns ? " class=\"broad\"" : "", ">\n<caption>",
                    escape_html(table.caption), "</caption>\n<thead><tr>");
    std::vector<bool> is_number(table.columns.size(), !table.rows.empty());
    for (const std::vector<Cell>& row : table.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) is_number[i] = is_number[i] && row[i].is_number;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      absl::StrAppend(&html_, "<th scope=\"col\"", is_number[i] ? " class=\"number\"" : "", ">",
                      escape_html(table.columns[i]), "</th>");
    }
    html_ += "</tr></thead>\n<tbody>\n";
    for (const std::vector<Cell>& row : table.rows) {
      html_ += "<tr>";
      for (const Cell& cell : row) {
        absl::StrAppend(&html_, "<td", cell.is_number ? " class=\"number\"" : "",
                        cell.value.empty() ? "" : attribute("data-value", cell.value), ">",
                        escape_html(cell.text), "</td>");
      }
      html_ += "</tr>\n";
    }
    html_ += "</tbody></table></div>\n";
  }

  ChartEngine& engine_;
  std::string html_;
};

std::string contents(const Document& document) {
  std::string html = "<nav aria-label=\"Sections\"><ol>\n";
  for (const Section& section : document.sections) {
    absl::StrAppend(&html, "<li><a", attribute("href", "#" + section.id), ">", escape_html(section.title),
                    "</a></li>\n");
  }
  return html + "</ol></nav>\n";
}

bool has_charts(const Document& document) {
  return std::ranges::any_of(document.sections, [](const Section& section) {
    return std::ranges::any_of(section.blocks,
                               [](const Block& block) { return std::holds_alternative<Chart>(block); });
  });
}

std::string head(const Document& document, const std::string& script) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; media-src "
      "data:; "
      "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src ",
      script_hash(script),
      "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"melsweep "
      "report\">\n"
      "<title>",
      escape_html(document.title), "</title>\n<style>\n", std::string(embedded::page_style()),
      "</style>\n</head>\n");
}

}  // namespace

absl::StatusOr<std::string> write_html(const Document& document, ChartEngine& engine) {
  const std::string script =
      absl::StrCat("\n", has_charts(document) ? std::string(embedded::chart_script()) : "", "\n",
                   std::string(embedded::page_script()));
  Writer writer(engine);
  for (const Section& section : document.sections) {
    if (absl::Status status = writer.write(section); !status.ok()) return status;
  }
  return absl::StrCat(head(document, script),
                      "<body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n<header>\n<h1>",
                      escape_html(document.title), "</h1>\n<p>", escape_html(document.subtitle), "</p>\n",
                      contents(document), "</header>\n<main id=\"content\">\n", writer.take(),
                      "</main>\n<footer><p>Made by melsweep report. Charts by Apache ECharts (Apache-2.0). "
                      "This file needs nothing beside it and asks for nothing.</p></footer>\n<script>",
                      script, "</script>\n</body>\n</html>\n");
}

}  // namespace melsweep::report
