#include "client/exports/view_files.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/output/table.h"
#include "shared/files/atomic_file.h"
#include "shared/results/view_rows.h"

namespace melsweep::exports {
namespace {

using output::CellValue;

// One file after the other.
class ViewFiles {
 public:
  ViewFiles(std::filesystem::path folder, ViewFormat format) : folder_(std::move(folder)), format_(format) {}

  absl::Status begin(const std::string& view, const std::vector<std::string>& columns) {
    if (absl::Status status = end(); !status.ok()) return status;
    columns_ = columns;
    const char* const ending = format_ == ViewFormat::kCsv ? ".csv" : ".jsonl";
    absl::StatusOr<files::AtomicFile> file = files::AtomicFile::create(folder_ / absl::StrCat(view, ending));
    if (!file.ok()) return file.status();
    file_.emplace(*std::move(file));
    ++count_;
    if (format_ != ViewFormat::kCsv) return absl::OkStatus();
    return file_->append(output::csv_line({columns.begin(), columns.end()}));
  }

  absl::Status add(const std::vector<results::ViewValue>& row) {
    std::vector<CellValue> cells;
    cells.reserve(row.size());
    for (const results::ViewValue& value : row) {
      cells.push_back(std::visit([](const auto& held) { return CellValue(held); }, value));
    }
    return file_->append(format_ == ViewFormat::kCsv ? output::csv_line(cells)
                                                     : output::json_line(columns_, cells));
  }

  absl::Status end() {
    if (!file_) return absl::OkStatus();
    absl::Status status = file_->commit();
    file_.reset();
    return status;
  }

  std::int64_t count() const { return count_; }

 private:
  std::filesystem::path folder_;
  ViewFormat format_;
  std::vector<std::string> columns_;
  std::optional<files::AtomicFile> file_;
  std::int64_t count_ = 0;
};

}  // namespace

absl::StatusOr<std::int64_t> write_views(const std::filesystem::path& database,
                                         const std::optional<std::string>& sweep,
                                         const std::filesystem::path& folder, ViewFormat format) {
  ViewFiles files(folder, format);
  absl::Status status = results::read_views(
      database, sweep,
      {.begin = [&](const std::string& view,
                    const std::vector<std::string>& columns) { return files.begin(view, columns); },
       .row = [&](const std::vector<results::ViewValue>& row) { return files.add(row); }});
  if (status.ok()) status = files.end();
  if (!status.ok()) return status;
  return files.count();
}

}  // namespace melsweep::exports
