// Packets of Vorbis to samples (Vorbis I specification, section 4.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "worker/trainer/vorbis/setup.h"
#include "worker/trainer/vorbis/transform.h"

namespace melsweep::vorbis {

// Within 1e-6 of the samples that libvorbis gives; of what libvorbis has encoded, the very ones that
// libavcodec's decoder gives, whose transform it uses. Not thread-safe.
class Decoder {
 public:
  Decoder(const Identification& stream, Setup setup);

  const Identification& stream() const { return stream_; }

  // The next packet is the first of a stream with the same headers.
  void begin() { last_block_.reset(); }

  // The frames that the packet completes, interleaved, [frames, channels], until the next call; none of the
  // first packet of a stream. Absent where the packet breaks a rule or ends too early: what that gives is for
  // another decoder to say, and this one has to begin() again.
  std::optional<std::span<const float>> decode(std::span<const unsigned char> packet);

 private:
  enum BlockSize : std::size_t { kShort, kLong };

  struct Channel {
    FloorCurve curve;
    bool has_residue = false;
    Floats spectrum;  // [long block / 2]
    Floats half;      // of the block, its middle, [long block / 2]
    Floats overlap;   // the third quarter of the block before, [long block / 4]
    Floats samples;   // [long block / 2]
  };

  std::span<Channel> channels() {
    return std::span(channels_).first(static_cast<std::size_t>(stream_.channels));
  }
  std::optional<Mode> read_mode(BitReader& bits) const;
  bool read_spectra(BitReader& bits, const Mapping& mapping, std::size_t lines);
  bool read_floors(BitReader& bits, const Mapping& mapping, std::size_t lines);
  bool read_residues(BitReader& bits, const Mapping& mapping, std::size_t lines);
  bool read_interleaved(BitReader& bits, const Residue& residue, std::span<Channel* const> channels,
                        std::size_t lines);
  bool read_each(BitReader& bits, const Residue& residue, std::span<Channel* const> channels,
                 std::size_t lines);
  std::size_t overlap(Channel& channel, BlockSize before, BlockSize now) const;
  std::span<const float> interleave(std::size_t frames);

  Identification stream_;
  Setup setup_;
  std::array<Transform, 2> transforms_;        // of short and long blocks
  std::array<std::vector<float>, 2> windows_;  // their rising halves
  std::array<Channel, kMaxChannels> channels_;
  Floats interleaved_;                 // [long block / 2, channels]
  std::vector<std::uint8_t> classes_;  // of the residues' partitions
  std::optional<BlockSize> last_block_;
};

}  // namespace melsweep::vorbis
