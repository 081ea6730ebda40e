#include "worker/trainer/inception/weights_path.h"

#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "shared/files/places.h"

namespace melsweep::inception {

absl::StatusOr<std::filesystem::path> resolve_weights(std::string_view name) {
  namespace fs = std::filesystem;
  if (name.empty()) return absl::InvalidArgumentError("no weights file is named (model.weights)");
  const fs::path given(name);
  std::error_code error;
  if (fs::is_regular_file(given, error)) return given;
  std::string looked_in = fs::absolute(given, error).string();
  if (given.is_relative()) {
    fs::path stored = files::default_weights_dir() / given;
    if (fs::is_regular_file(stored, error)) return stored;
    absl::StrAppend(&looked_in, " and ", stored.string());
  }
  return absl::NotFoundError(absl::StrCat("there is no weights file ", std::string(name), " (looked at ",
                                          looked_in,
                                          "); ./deploy/quickstart fetches one, and `melsweep weights "
                                          "convert` makes one from nsfwjs's or torchvision's "
                                          "weights"));
}

}  // namespace melsweep::inception
