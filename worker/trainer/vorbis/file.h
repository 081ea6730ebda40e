// Ogg Vorbis files to samples, where they are ordinary: one whole stream of one or two channels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>

namespace melsweep::vorbis {

struct StreamInfo {
  int sample_rate = 0;  // Hz
  int channels = 0;
  std::int64_t frames = 0;
  friend bool operator==(const StreamInfo&, const StreamInfo&) = default;
};

// Where samples go: first what there will be, then blocks of them, interleaved, [frames, channels]. Either
// may refuse by false. A file may turn out not to be ordinary after some of it has been taken.
struct Receiver {
  std::function<bool(const StreamInfo&)> begin;
  std::function<bool(std::span<const float>)> take;
};

// Decodes a file that libvorbis has found to be such a stream. None where it is anything but one whole Vorbis
// stream of these frames, counted from 0: a file that is damaged, chained, of more channels or of no Vorbis
// is for another decoder, or for it to say what is wrong. The samples are within 1e-6 of those of libvorbis.
// Any thread.
std::optional<StreamInfo> decode(const std::filesystem::path& path, const StreamInfo& found,
                                 const Receiver& receiver);

// The same of a file that nobody has looked at, where it begins with the very headers of one that this thread
// has decoded: the files of one encoder and one setting do, and what libvorbis has found good in them once is
// good. A few such headers are remembered.
std::optional<StreamInfo> decode_known(const std::filesystem::path& path, const Receiver& receiver);

}  // namespace melsweep::vorbis
