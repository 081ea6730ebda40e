// Ogg Vorbis to samples by libavcodec, which takes half as long as libvorbis.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace melsweep::audio {

// The file's first `frames` frames, interleaved [frames, channels], within 1e-6 of what libvorbis decodes.
// None where it is anything but one whole Vorbis stream of so many channels, one or two, with exactly so many
// frames: a file that is damaged, chained or no Vorbis is for libsndfile to decode, or to say what is wrong
// with it. Any thread.
std::optional<std::vector<float>> decode_vorbis(const std::filesystem::path& path, int channels,
                                                std::int64_t frames);

}  // namespace melsweep::audio
