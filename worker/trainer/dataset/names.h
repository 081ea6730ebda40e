// What clip ids, labels and groups may look like: they travel through JSON, protobuf and SQL, and are shown
// to people.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::dataset {

// The offset of the first byte that begins neither well-formed UTF-8 (no overlong forms, no surrogates) nor
// stands among the control characters in `allowed_controls`; text.size() where all is well.
std::size_t first_unprintable(std::string_view text, std::string_view allowed_controls = "");

// The name as it is, or with what cannot be printed written as \xNN: for error messages.
std::string printable(const std::string& name);

// InvalidArgument, beginning with `place`, where the text is empty, cannot be printed, or begins or ends with
// a blank.
absl::Status check_name(const std::string& what, const std::string& name, const std::string& place);

// Sound by its name, readable or not: a file that cannot be read must show as one, not vanish.
bool is_sound_name(const std::filesystem::path& path);

// A file or folder whose name begins with a dot.
bool is_hidden(const std::filesystem::path& path);

// A path below the data set's folder in its shortest form with '/': "a/./b.wav" -> "a/b.wav".
// InvalidArgument, beginning with `place`, for an absolute path and one that leaves the folder.
absl::StatusOr<std::string> clip_id(const std::string& path, const std::string& place);

}  // namespace melsweep::dataset
