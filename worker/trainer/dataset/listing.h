// The clips that a data set's layout names, before any sound file is opened.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/dataset.h"

namespace melsweep::dataset {

struct ListedClip {
  std::string id;  // as Clip::id
  std::string class_name;
  std::string group;   // as Clip::group
  int fold = 0;        // as Clip::fold
  std::string place;   // where it is listed: "metadata/UrbanSound8K.csv:12"; with kFolders the file itself
  std::string defect;  // why it cannot be used whatever is in it, as a sentence; mostly empty
};

struct Listing {
  std::filesystem::path root;     // ids are relative to it
  std::vector<ListedClip> clips;  // sorted by id, not empty
};

// The sweep YAML's word for the format.
std::string format_name(DatasetFormat format);

// The format that the folder (or manifest) has the marks of; nothing where there is no such folder or file.
std::optional<DatasetFormat> detect_format(const std::filesystem::path& path);

// The folder that clip ids are relative to.
std::filesystem::path dataset_root(DatasetFormat format, const std::filesystem::path& path);

// NotFound: no such folder or table, with the layout that was looked for. InvalidArgument: a table or folder
// that breaks its format's rules (docs/sweep-yaml.md), with file and row.
absl::StatusOr<Listing> read_listing(DatasetFormat format, const std::filesystem::path& path);

// Why a clip cannot be used, in a sentence that names its file and where it is listed.
std::string bad_clip_reason(const ListedClip& clip, const absl::Status& status);

}  // namespace melsweep::dataset
