#include "worker/trainer/models/sound_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "worker/trainer/dataset/names.h"

namespace melsweep::models {
namespace {

namespace fs = std::filesystem;

void list_folder(const fs::path& folder, SoundList& list) {
  std::vector<fs::path> found;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  for (; !error && walk != fs::end(walk); walk.increment(error)) {
    std::error_code ignored;
    const bool is_folder = walk->is_directory(ignored);
    if (dataset::is_hidden(walk->path())) {
      if (is_folder) walk.disable_recursion_pending();
    } else if (!is_folder && dataset::is_sound_name(walk->path())) {
      found.push_back(walk->path());
    }
  }
  const std::string shown = dataset::printable(folder.string());
  if (error) {
    list.failures.push_back(
        absl::UnavailableError(fmt::format("cannot list the folder {}: {}", shown, error.message())));
  } else if (found.empty()) {
    list.failures.push_back(absl::NotFoundError(
        fmt::format("there is no sound in the folder {} (.wav, .flac, .ogg, .mp3 and the like)", shown)));
  }
  std::ranges::sort(found);
  std::ranges::move(found, std::back_inserter(list.files));
}

}  // namespace

SoundList list_sounds(std::span<const fs::path> named) {
  SoundList list;
  for (const fs::path& path : named) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      list_folder(path, list);
    } else {
      list.files.push_back(path);
    }
  }
  return list;
}

}  // namespace melsweep::models
