#include "worker/trainer/dataset/csv.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"
#include "worker/trainer/dataset/names.h"

namespace melsweep::dataset {
namespace {

// Walks over the text once. It knows nothing of columns.
class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  // The next row that is not blank; nothing at the end.
  absl::StatusOr<std::optional<CsvRow>> next_row() {
    while (skip_line_end()) {
    }
    if (at_end()) return std::nullopt;
    CsvRow row{.line = line_, .fields = {}};
    while (true) {
      absl::StatusOr<std::string> field = starts_with('"') ? quoted_field() : plain_field();
      if (!field.ok()) return field.status();
      row.fields.push_back(*std::move(field));
      if (starts_with(',')) {
        ++position_;
      } else if (at_end() || skip_line_end()) {
        return row;
      } else {
        return error(line_,
                     "text after the closing quote of a field; a quote within a field is written twice");
      }
    }
  }

 private:
  bool at_end() const { return position_ == text_.size(); }
  bool starts_with(char c) const { return !at_end() && text_[position_] == c; }

  bool skip_line_end() {
    const std::string_view rest = text_.substr(position_);
    if (!rest.starts_with("\n") && !rest.starts_with("\r\n")) return false;
    position_ += rest.front() == '\r' ? 2 : 1;
    ++line_;
    return true;
  }

  absl::StatusOr<std::string> plain_field() {
    const std::size_t end = std::min(text_.find_first_of(",\"\r\n", position_), text_.size());
    std::string field(text_.substr(position_, end - position_));
    position_ = end;
    if (starts_with('"')) return error(line_, "a quote within a field that does not begin with one");
    if (starts_with('\r') && !text_.substr(position_).starts_with("\r\n")) {
      return error(line_, "a carriage return without a line feed; end rows with LF or CRLF");
    }
    return field;
  }

  absl::StatusOr<std::string> quoted_field() {
    const int first_line = line_;
    std::string field;
    for (++position_; !at_end(); ++position_) {
      const char c = text_[position_];
      if (c == '"') {
        ++position_;
        if (!starts_with('"')) return field;
      }
      if (c == '\n') ++line_;
      field.push_back(c);
    }
    return error(first_line, "the quote that opens here is never closed");
  }

  absl::Status error(int line, const std::string& what) const {
    return absl::InvalidArgumentError(absl::StrCat(file_, ":", line, ": ", what));
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t position_ = 0;
  int line_ = 1;
};

absl::Status check_encoding(std::string_view text, const std::string& file) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": the text is UTF-16; save it as UTF-8"));
  }
  const std::size_t bad = first_unprintable(text, "\t\r\n");
  if (bad == text.size()) return absl::OkStatus();
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
  return absl::InvalidArgumentError(
      absl::StrCat(file, ":", line, ": the text is not UTF-8 here, or holds a control character (byte 0x",
                   absl::Hex(static_cast<unsigned char>(text[bad]), absl::kZeroPad2), "); save it as UTF-8"));
}

absl::Status check_header(const CsvTable& table) {
  std::set<std::string_view> seen;
  for (const std::string& name : table.header) {
    if (name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(table.file, ":", table.header_line, ": a column has no name"));
    }
    if (!seen.insert(name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(table.file, ":", table.header_line, ": the column '", name, "' is there twice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

std::string CsvTable::place(const CsvRow& row) const {
  return absl::StrCat(file, ":", row.line);
}

absl::StatusOr<CsvTable> parse_csv(std::string_view text, std::string file) {
  if (absl::Status status = check_encoding(text, file); !status.ok()) return status;
  CsvTable table{.file = std::move(file), .header = {}, .header_line = 0, .rows = {}};
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Parser parser(text, table.file);
  while (true) {
    absl::StatusOr<std::optional<CsvRow>> row = parser.next_row();
    if (!row.ok()) return row.status();
    if (!row->has_value()) break;
    if (table.header.empty()) {
      table.header = std::move((*row)->fields);
      table.header_line = (*row)->line;
      if (absl::Status status = check_header(table); !status.ok()) return status;
      continue;
    }
    if ((*row)->fields.size() != table.header.size()) {
      return absl::InvalidArgumentError(absl::StrCat(table.place(**row), ": the row has ",
                                                     (*row)->fields.size(), " fields, the header ",
                                                     table.header.size()));
    }
    table.rows.push_back(**std::move(row));
  }
  if (table.header.empty()) return absl::InvalidArgumentError(absl::StrCat(table.file, " is empty"));
  return table;
}

absl::StatusOr<CsvTable> read_csv(const std::filesystem::path& path) {
  absl::StatusOr<std::string> text = files::read_file(path, kMaxCsvBytes);
  if (!text.ok()) return text.status();
  return parse_csv(*text, path.string());
}

}  // namespace melsweep::dataset
