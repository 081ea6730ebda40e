#include "worker/trainer/dataset/listing.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "worker/trainer/dataset/layouts.h"

namespace melsweep::dataset {
namespace {

namespace fs = std::filesystem;

absl::Status check_path(DatasetFormat format, const fs::path& path) {
  std::error_code error;
  if (path.empty() || !fs::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat("there is no data set at '", path.string(), "'"));
  }
  const bool is_folder = fs::is_directory(path, error);
  if (format == DatasetFormat::kCsv && is_folder) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), " is a folder; with format csv the path is the manifest file in it"));
  }
  if (format != DatasetFormat::kCsv && !is_folder) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is no folder, as format ",
                                                   format_name(format),
                                                   " needs it; a manifest is format csv"));
  }
  return absl::OkStatus();
}

absl::Status missing_table(DatasetFormat format, const fs::path& path, const fs::path& table) {
  std::string message = absl::StrCat(table.string(), " is missing; format ", format_name(format),
                                     " wants 'path' to be the folder that holds it and the folder audio/");
  const std::optional<DatasetFormat> found = detect_format(path);
  if (found && *found != DatasetFormat::kFolders && *found != format) {
    absl::StrAppend(&message, " (this folder looks like format ", format_name(*found), ")");
  }
  return absl::NotFoundError(message);
}

// Sorts by id and refuses what is listed twice.
absl::Status sort_clips(std::vector<ListedClip>& clips) {
  std::stable_sort(clips.begin(), clips.end(),
                   [](const ListedClip& a, const ListedClip& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(
      clips.begin(), clips.end(), [](const ListedClip& a, const ListedClip& b) { return a.id == b.id; });
  if (twice == clips.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(std::next(twice)->place, ": the clip '", twice->id,
                                                 "' is already listed at ", twice->place,
                                                 "; each clip may be there once"));
}

}  // namespace

std::string format_name(DatasetFormat format) {
  switch (format) {
    case DatasetFormat::kUrbanSound8k:
      return "urbansound8k";
    case DatasetFormat::kEsc50:
      return "esc50";
    case DatasetFormat::kFolders:
      return "folders";
    case DatasetFormat::kCsv:
      return "csv";
  }
  return "";
}

std::optional<DatasetFormat> detect_format(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return DatasetFormat::kCsv;
  if (!fs::is_directory(path, error)) return std::nullopt;
  for (const DatasetFormat format : {DatasetFormat::kUrbanSound8k, DatasetFormat::kEsc50}) {
    if (fs::exists(path / table_of(format), error)) return format;
  }
  return DatasetFormat::kFolders;
}

fs::path dataset_root(DatasetFormat format, const fs::path& path) {
  return format == DatasetFormat::kCsv ? path.parent_path() : path;
}

absl::StatusOr<Listing> read_listing(DatasetFormat format, const fs::path& path) {
  if (absl::Status status = check_path(format, path); !status.ok()) return status;
  absl::StatusOr<std::vector<ListedClip>> clips;
  if (format == DatasetFormat::kFolders) {
    clips = list_folders(path);
  } else {
    const fs::path table = format == DatasetFormat::kCsv ? path : path / table_of(format);
    std::error_code error;
    if (!fs::exists(table, error)) return missing_table(format, path, table);
    clips = list_table(format, table);
  }
  if (!clips.ok()) return clips.status();
  if (clips->empty())
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": the data set has no clips"));
  if (absl::Status status = sort_clips(*clips); !status.ok()) return status;
  return Listing{.root = dataset_root(format, path), .clips = *std::move(clips)};
}

std::string bad_clip_reason(const ListedClip& clip, const absl::Status& status) {
  const bool listed_in_table = !absl::EndsWith(clip.place, clip.id);
  return absl::StrCat(status.message(), listed_in_table ? absl::StrCat(" (", clip.place, ")") : "");
}

}  // namespace melsweep::dataset
