// One reader a layout, behind read_listing() in listing.h. Clips come in no particular order and may repeat.
#pragma once

#include <filesystem>
#include <vector>

#include "absl/status/statusor.h"
#include "worker/trainer/dataset/listing.h"

namespace melsweep::dataset {

// The table of kUrbanSound8k and kEsc50, below the data set's folder.
std::filesystem::path table_of(DatasetFormat format);

// kUrbanSound8k, kEsc50 and kCsv: a row a clip. Columns that are not needed are passed over.
absl::StatusOr<std::vector<ListedClip>> list_table(DatasetFormat format, const std::filesystem::path& table);

// kFolders: each folder in `root` is a class, and each file below it (at any depth) with the ending of an
// audio file is a clip and a group of its own. A file that cannot be an
// id (a name that is not UTF-8) has a defect. Names that begin with '.' and files with other endings are
// passed over, links to folders are followed at the class level only. A class without clips and an audio file
// outside of any class are errors.
absl::StatusOr<std::vector<ListedClip>> list_folders(const std::filesystem::path& root);

}  // namespace melsweep::dataset
