// Comma-separated tables as RFC 4180 has them, read strictly: what is odd is an error with file and row, not
// a guess.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace melsweep::dataset {

inline constexpr std::size_t kMaxCsvBytes = std::size_t{64} << 20;

struct CsvRow {
  int line = 0;  // 1-based, where the row begins in the file
  std::vector<std::string> fields;
};

struct CsvTable {
  std::string file;  // as it is named in errors
  std::vector<std::string> header;
  int header_line = 0;       // as CsvRow::line
  std::vector<CsvRow> rows;  // each with as many fields as the header

  std::optional<std::size_t> column(std::string_view name) const;

  // "meta/esc50.csv:7"
  std::string place(const CsvRow& row) const;
};

// Takes UTF-8 with or without a byte order mark, rows ended by LF or CRLF, fields in double quotes with
// commas, line ends and doubled quotes in them; blank lines are passed over. InvalidArgument, as
// "<file>:<line>: ...", for any other encoding, control characters, stray or unclosed quotes, a row of
// another length than the header, a column name that is empty or there twice, and a file without a header.
absl::StatusOr<CsvTable> parse_csv(std::string_view text, std::string file);

// The same from disk; also NotFound, and InvalidArgument above kMaxCsvBytes.
absl::StatusOr<CsvTable> read_csv(const std::filesystem::path& path);

}  // namespace melsweep::dataset
