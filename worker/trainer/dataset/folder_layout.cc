#include <algorithm>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "worker/trainer/dataset/layouts.h"
#include "worker/trainer/dataset/names.h"

namespace melsweep::dataset {
namespace {

namespace fs = std::filesystem;

absl::Status walk_error(const fs::path& folder, const std::error_code& error) {
  return absl::UnavailableError(
      absl::StrCat("cannot list the folder ", printable(folder.string()), ": ", error.message()));
}

absl::Status list_class(const fs::path& root, const fs::path& folder, std::vector<ListedClip>& clips) {
  const std::string class_name = folder.filename().string();
  const std::string shown = printable(folder.string());
  if (absl::Status status = check_name("the class", class_name, shown); !status.ok()) return status;
  const std::size_t before = clips.size();
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  for (; !error && walk != fs::end(walk); walk.increment(error)) {
    const fs::path& path = walk->path();
    std::error_code ignored;
    const bool is_folder = walk->is_directory(ignored);
    if (is_hidden(path)) {
      if (is_folder) walk.disable_recursion_pending();
      continue;
    }
    if (is_folder || !is_sound_name(path)) continue;
    const std::string place = printable(path.string());
    const std::string name = path.lexically_relative(root).generic_string();
    const absl::StatusOr<std::string> id = clip_id(name, place);
    clips.push_back({.id = id.value_or(printable(name)),
                     .class_name = class_name,
                     .group = id.value_or(printable(name)),
                     .fold = 0,
                     .place = place,
                     .defect = std::string(id.status().message())});
  }
  if (error) return walk_error(folder, error);
  if (clips.size() > before) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      shown,
      ": the class folder holds no audio file (by its ending); fill it, remove it, or hide it with a '.'"));
}

}  // namespace

absl::StatusOr<std::vector<ListedClip>> list_folders(const fs::path& root) {
  std::vector<ListedClip> clips;
  std::error_code error;
  fs::directory_iterator walk(root, error);
  for (; !error && walk != fs::end(walk); walk.increment(error)) {
    const fs::path& path = walk->path();
    if (is_hidden(path)) continue;
    std::error_code ignored;
    if (walk->is_directory(ignored)) {
      if (absl::Status status = list_class(root, path, clips); !status.ok()) return status;
    } else if (is_sound_name(path)) {
      return absl::InvalidArgumentError(
          absl::StrCat(printable(path.string()),
                       ": an audio file outside of any class; each class is a folder of its own"));
    }
  }
  if (error) return walk_error(root, error);
  return clips;
}

}  // namespace melsweep::dataset
