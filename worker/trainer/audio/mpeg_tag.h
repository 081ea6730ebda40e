// What the first frame of an MP3 file says about the file.
#pragma once

#include <filesystem>

namespace melsweep::audio {

// Whether the first MPEG frame (after ID3v2 tags) is a Xing or Info tag that counts the file's frames. Only
// then is the length that the decoder tells a promise; without it, it is an estimate from the bit rate of the
// first frame. Fraunhofer's VBRI tag does not count: the decoder (mpg123) passes it over and estimates. False
// for everything that is no MP3 file.
// Layouts: ID3v2.4 section 3.1; Gabriel Bouvigne's "MP3 Tag Specifications".
bool mpeg_tag_counts_frames(const std::filesystem::path& path);

}  // namespace melsweep::audio
