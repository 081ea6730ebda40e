#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "worker/trainer/dataset/csv.h"
#include "worker/trainer/dataset/layouts.h"
#include "worker/trainer/dataset/names.h"

namespace melsweep::dataset {
namespace {

constexpr int kMaxFold = 9999;

// How one format's table is read.
struct TableLayout {
  const char* path_column = nullptr;
  const char* label_column = nullptr;
  const char* fold_column = nullptr;
  const char* group_column = nullptr;
  bool fold_and_group_required = true;
  std::string (*path_of)(const std::string& name, int fold) = nullptr;
};

// https://urbansounddataset.weebly.com/urbansound8k.html
constexpr TableLayout kUrbanSound8k{
    .path_column = "slice_file_name",
    .label_column = "class",
    .fold_column = "fold",
    .group_column = "fsID",
    .path_of = [](const std::string& name, int fold) { return absl::StrCat("audio/fold", fold, "/", name); }};

// https://github.com/karolpiczak/ESC-50
constexpr TableLayout kEsc50{
    .path_column = "filename",
    .label_column = "category",
    .fold_column = "fold",
    .group_column = "src_file",
    .path_of = [](const std::string& name, int) { return absl::StrCat("audio/", name); }};

constexpr TableLayout kManifest{.path_column = "path",
                                .label_column = "label",
                                .fold_column = "fold",
                                .group_column = "group",
                                .fold_and_group_required = false,
                                .path_of = [](const std::string& name, int) { return name; }};

const TableLayout& layout_of(DatasetFormat format) {
  if (format == DatasetFormat::kUrbanSound8k) return kUrbanSound8k;
  return format == DatasetFormat::kEsc50 ? kEsc50 : kManifest;
}

// Where the layout's columns stand in one table.
struct Columns {
  std::size_t path = 0;
  std::size_t label = 0;
  std::optional<std::size_t> fold;
  std::optional<std::size_t> group;
};

absl::StatusOr<Columns> find_columns(const CsvTable& table, const TableLayout& layout) {
  const auto path = table.column(layout.path_column);
  const auto label = table.column(layout.label_column);
  const auto fold = table.column(layout.fold_column);
  const auto group = table.column(layout.group_column);
  std::vector<const char*> missing;
  if (!path) missing.push_back(layout.path_column);
  if (!label) missing.push_back(layout.label_column);
  if (!fold && layout.fold_and_group_required) missing.push_back(layout.fold_column);
  if (!group && layout.fold_and_group_required) missing.push_back(layout.group_column);
  if (!missing.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(table.file, ":", table.header_line, ": the header lacks ",
                                                   missing.size() == 1 ? "the column " : "the columns ",
                                                   absl::StrJoin(missing, ", "), "; it has ",
                                                   absl::StrJoin(table.header, ", ")));
  }
  return Columns{.path = *path, .label = *label, .fold = fold, .group = group};
}

absl::StatusOr<int> parse_fold(const std::string& text, const std::string& place) {
  int fold = 0;
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || !absl::SimpleAtoi(text, &fold) || fold < 1 || fold > kMaxFold) {
    return absl::InvalidArgumentError(
        absl::StrCat(place, ": the fold '", text, "' is not a whole number from 1 to ", kMaxFold));
  }
  return fold;
}

absl::StatusOr<ListedClip> list_row(const CsvRow& row, const Columns& columns, const TableLayout& layout,
                                    std::string place) {
  ListedClip clip;
  clip.class_name = row.fields[columns.label];
  if (absl::Status status = check_name("the class", clip.class_name, place); !status.ok()) return status;
  if (columns.fold) {
    absl::StatusOr<int> fold = parse_fold(row.fields[*columns.fold], place);
    if (!fold.ok()) return fold.status();
    clip.fold = *fold;
  }
  const std::string& name = row.fields[columns.path];
  if (absl::Status status = check_name("the path", name, place); !status.ok()) return status;
  absl::StatusOr<std::string> id = clip_id(layout.path_of(name, clip.fold), place);
  if (!id.ok()) return id.status();
  clip.id = *std::move(id);
  clip.group = columns.group ? row.fields[*columns.group] : "";
  if (clip.group.empty() && !layout.fold_and_group_required) clip.group = clip.id;
  if (absl::Status status = check_name("the group", clip.group, place); !status.ok()) return status;
  clip.place = std::move(place);
  return clip;
}

}  // namespace

std::filesystem::path table_of(DatasetFormat format) {
  return format == DatasetFormat::kUrbanSound8k ? "metadata/UrbanSound8K.csv" : "meta/esc50.csv";
}

absl::StatusOr<std::vector<ListedClip>> list_table(DatasetFormat format, const std::filesystem::path& path) {
  absl::StatusOr<CsvTable> table = read_csv(path);
  if (!table.ok()) return table.status();
  const TableLayout& layout = layout_of(format);
  absl::StatusOr<Columns> columns = find_columns(*table, layout);
  if (!columns.ok()) return columns.status();
  std::vector<ListedClip> clips;
  clips.reserve(table->rows.size());
  for (const CsvRow& row : table->rows) {
    absl::StatusOr<ListedClip> clip = list_row(row, *columns, layout, table->place(row));
    if (!clip.ok()) return clip.status();
    clips.push_back(*std::move(clip));
  }
  return clips;
}

}  // namespace melsweep::dataset
