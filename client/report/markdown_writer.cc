#include "client/report/markdown_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/report/html_escape.h"

namespace melsweep::report {
namespace {

constexpr int kWidth = 860;  // CSS pixels: as wide as a repository's page is

// On a ground and in an ink of its own: an image does not know the page's.
std::string standalone(const std::string& svg) {
  const std::size_t end = svg.find('>');
  if (end == std::string::npos) return svg;
  return absl::StrCat(svg.substr(0, end), " color=\"#1b1f24\">",
                      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>", svg.substr(end + 1));
}

// What ends a fence is longer than any run of backticks in the text.
std::string fenced(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return absl::StrCat(fence, "\n", text, text.ends_with('\n') ? "" : "\n", fence, "\n\n");
}

class Writer {
 public:
  Writer(std::string folder, ChartEngine& engine) : folder_(std::move(folder)), engine_(engine) {}

  absl::Status write(const Section& section) {
    absl::StrAppend(&report_.text, "## ", escape_markdown(section.title), "\n\n**",
                    escape_markdown(section.finding), "**\n\n");
    for (const Block& block : section.blocks) {
      if (absl::Status status = std::visit([this](const auto& held) { return add(held); }, block);
          !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }

  void add_text(const std::string& text) { report_.text += text; }
  MarkdownReport take() { return std::move(report_); }

 private:
  absl::Status add(const Paragraph& paragraph) {
    absl::StrAppend(&report_.text, escape_markdown(paragraph.text), "\n\n");
    return absl::OkStatus();
  }

  absl::Status add(const Notice& notice) {
    absl::StrAppend(&report_.text, "> ", escape_markdown(notice.text), "\n\n");
    return absl::OkStatus();
  }

  absl::Status add(const Heading& heading) {
    absl::StrAppend(&report_.text, "### ", escape_markdown(heading.text), "\n\n");
    return absl::OkStatus();
  }

  absl::Status add(const Listing& listing) {
    absl::StrAppend(&report_.text, "### ", escape_markdown(listing.caption), "\n\n", fenced(listing.text));
    return absl::OkStatus();
  }

  absl::Status add(const DataTable& table) {
    add_table(table, table.folded);
    return absl::OkStatus();
  }

  absl::Status add(const Chart& chart) {
    const absl::StatusOr<std::string> svg = engine_.draw(chart.data, kWidth, chart.height);
    if (!svg.ok()) return svg.status();
    absl::StrAppend(&report_.text, "### ", escape_markdown(chart.title), "\n\n");
    add_image(absl::StrCat(chart.title, ". ", chart.description), absl::StrCat(chart.table.key, ".svg"),
              standalone(*svg));
    add_table(chart.table, /*folded=*/true);
    return absl::OkStatus();
  }

  absl::Status add(const ClipCards& cards) {
    std::size_t number = 0;
    for (const ClipCard& card : cards.cards) {
      const std::string stem = absl::StrCat(cards.key, "-", ++number);
      absl::StrAppend(&report_.text, "#### ", escape_markdown(card.title), "\n\n");
      std::size_t picture_number = 0;
      for (const Picture& picture : card.pictures) {
        add_image(picture.description, absl::StrCat(stem, "-", ++picture_number, ".svg"),
                  standalone(picture.svg));
      }
      for (const auto& [what, text] : card.facts) {
        absl::StrAppend(&report_.text, "- ", escape_markdown(what), ": ", escape_markdown(text), "\n");
      }
      if (card.sound) {
        const std::string file =
            absl::StrCat(stem, card.sound->media_type == "audio/flac" ? ".flac" : ".ogg");
        absl::StrAppend(&report_.text, "- [", escape_markdown(card.sound->title), "](", folder_, "/", file,
                        ")\n");
        report_.files.emplace_back(file, card.sound->bytes);
      }
      report_.text += '\n';
    }
    return absl::OkStatus();
  }

  void add_image(const std::string& description, const std::string& file, std::string svg) {
    absl::StrAppend(&report_.text, "![", escape_markdown(description), "](", folder_, "/", file, ")\n\n");
    report_.files.emplace_back(file, std::move(svg));
  }

  void add_table(const DataTable& table, bool folded) {
    if (folded) {
      absl::StrAppend(&report_.text, "<details><summary>", escape_html(table.caption), "</summary>\n\n");
    } else {
      absl::StrAppend(&report_.text, escape_markdown(table.caption), "\n\n");
    }
    std::string rule = "|";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      absl::StrAppend(&report_.text, "| ", escape_markdown(table.columns[i]), " ");
      rule += !table.rows.empty() && table.rows.front()[i].is_number ? "---:|" : "---|";
    }
    absl::StrAppend(&report_.text, "|\n", rule, "\n");
    for (const std::vector<Cell>& row : table.rows) {
      for (const Cell& cell : row) absl::StrAppend(&report_.text, "| ", escape_markdown(cell.text), " ");
      report_.text += "|\n";
    }
    report_.text += folded ? "\n</details>\n\n" : "\n";
  }

  std::string folder_;
  ChartEngine& engine_;
  MarkdownReport report_;
};

}  // namespace

std::string escape_markdown(std::string_view text) {
  // Markdown takes entities for text, so that what is markup in HTML is none here either.
  return absl::StrReplaceAll(escape_html(text), {{"\\", "\\\\"},
                                                 {"`", "\\`"},
                                                 {"*", "\\*"},
                                                 {"_", "\\_"},
                                                 {"[", "\\["},
                                                 {"]", "\\]"},
                                                 {"|", "\\|"},
                                                 {"~", "\\~"},
                                                 {"#", "\\#"},
                                                 {"$", "\\$"},
                                                 {"&#39;", "'"},
                                                 {"\n", " "},
                                                 {"\t", " "}});
}

absl::StatusOr<MarkdownReport> write_markdown(const Document& document, const std::string& folder,
                                              ChartEngine& engine) {
  Writer writer(folder, engine);
  writer.add_text(absl::StrCat("# ", escape_markdown(document.title), "\n\n",
                               escape_markdown(document.subtitle), "\n\n"));
  for (const Section& section : document.sections) {
    if (absl::Status status = writer.write(section); !status.ok()) return status;
  }
  return writer.take();
}

}  // namespace melsweep::report
