// PNG files, by libpng.
#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "worker/trainer/rendering/spectrogram_picture.h"

namespace melsweep::rendering {

// The whole file, 8 bits a pixel with a palette, as small as zlib makes it. Its neighbours in the palette
// look alike, so that a row is written as its difference to the one before where that is smaller. The same
// picture gives the same bytes. Internal where libpng fails. Any thread.
absl::StatusOr<std::string> encode_png(const PalettePicture& picture, std::span<const audio::Color> palette);

}  // namespace melsweep::rendering
