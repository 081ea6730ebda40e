// The Inception v3 of the npm package nsfwjs (4.3.0, MIT): trained on ImageNet, then fine-tuned. Keras's
// layers, weights quantised to bytes tensor by tensor, in base64 inside JavaScript modules.
#pragma once

#include <filesystem>

#include "absl/status/status.h"

namespace melsweep::inception {

// Writes the trunk of the package unpacked in `package` as a weights file with torchvision's names. `package`
// is the folder that holds package.json, or one that holds it as package/ or node_modules/nsfwjs/. Nothing is
// written unless every layer is found with the shape it must have. Errors name the file.
absl::Status convert_nsfwjs(const std::filesystem::path& package, const std::filesystem::path& out);

}  // namespace melsweep::inception
