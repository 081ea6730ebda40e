#include "worker/trainer/vorbis/decoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

namespace melsweep::vorbis {
namespace {

// Section 4.3.1; rounded to ten decimals, as the tables of the decoders are.
std::vector<float> rising_half(std::size_t block) {
  std::vector<float> window(block / 2);
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double sine =
        std::sin((static_cast<double>(i) + 0.5) / static_cast<double>(block) * std::numbers::pi);
    const double value = std::sin(std::numbers::pi / 2 * sine * sine);
    window[i] = static_cast<float>(std::round(value * 1e10) / 1e10);
  }
  return window;
}

// Adds the end of a block, [length], and the beginning of the next, of which `middle` is the part from its
// middle on, [length]; what comes before that is its mirror image, negated. To `samples`, [2 * length].
void overlap_halves(const float* __restrict end, const float* __restrict middle,
                    const float* __restrict window, std::size_t length, float* __restrict samples) {
  const std::size_t last = 2 * length - 1;
  for (std::size_t i = 0; i < length; ++i) {
    const float falling = window[last - i];
    const float mirrored = middle[length - 1 - i];
    samples[i] = end[i] * falling - mirrored * window[i];
    samples[last - i] = end[i] * window[i] + mirrored * falling;
  }
}

// Section 4.3.5.
void uncouple(float* __restrict magnitudes, float* __restrict angles, std::size_t lines) {
  for (std::size_t i = 0; i < lines; ++i) {
    const float magnitude = magnitudes[i];
    const float angle = angles[i];
    const float signed_angle = magnitude > 0.0F ? angle : -angle;
    magnitudes[i] = angle > 0.0F ? magnitude : magnitude + signed_angle;
    angles[i] = angle > 0.0F ? magnitude - signed_angle : magnitude;
  }
}

}  // namespace

Decoder::Decoder(const Identification& stream, Setup setup)
    : stream_(stream),
      setup_(std::move(setup)),
      transforms_{Transform(stream.blocks[kShort]), Transform(stream.blocks[kLong])},
      windows_{rising_half(stream.blocks[kShort]), rising_half(stream.blocks[kLong])} {
  const std::size_t lines = stream.blocks[kLong] / 2;
  for (Channel& channel : channels()) {
    channel.spectrum = make_floats(lines);
    channel.half = make_floats(lines);
    channel.overlap = make_floats(lines / 2);
    channel.samples = make_floats(lines);
  }
  interleaved_ = make_floats(lines * channels().size());
}

std::optional<std::span<const float>> Decoder::decode(std::span<const unsigned char> packet) {
  BitReader bits(packet);
  const std::optional<Mode> mode = read_mode(bits);
  if (!mode) return std::nullopt;
  const BlockSize now = mode->is_long ? kLong : kShort;
  const Mapping& mapping = setup_.mappings[mode->mapping];
  if (!read_spectra(bits, mapping, stream_.blocks[now] / 2) || bits.overrun()) return std::nullopt;
  std::size_t frames = 0;
  for (Channel& channel : channels()) {
    transforms_[now].run(channel.spectrum, channel.half);
    if (last_block_) frames = overlap(channel, *last_block_, now);
    const std::size_t quarter = stream_.blocks[now] / 4;
    std::copy_n(channel.half.get() + quarter, quarter, channel.overlap.get());
  }
  last_block_ = now;
  return interleave(frames);
}

// The beginning of a packet, up to the floors. None where it is no packet of sound, or says another size of
// the block before than it had.
std::optional<Mode> Decoder::read_mode(BitReader& bits) const {
  if (bits.read_flag()) return std::nullopt;
  const std::uint32_t number = bits.read(static_cast<int>(std::bit_width(setup_.modes.size() - 1)));
  if (number >= setup_.modes.size()) return std::nullopt;
  const Mode& mode = setup_.modes[number];
  if (!mode.is_long) return mode;
  const BlockSize before = bits.read_flag() ? kLong : kShort;
  bits.read_flag();  // the size of the block after it, which that says itself
  if (last_block_ && *last_block_ != before) return std::nullopt;
  return mode;
}

bool Decoder::read_spectra(BitReader& bits, const Mapping& mapping, std::size_t lines) {
  if (!read_floors(bits, mapping, lines)) return false;
  for (const Coupling& coupling : mapping.couplings) {
    Channel& magnitude = channels_[coupling.magnitude];
    Channel& angle = channels_[coupling.angle];
    magnitude.has_residue = angle.has_residue = magnitude.has_residue || angle.has_residue;
  }
  if (!read_residues(bits, mapping, lines)) return false;
  for (std::size_t i = mapping.couplings.size(); i-- > 0;) {
    const Coupling& coupling = mapping.couplings[i];
    uncouple(channels_[coupling.magnitude].spectrum.get(), channels_[coupling.angle].spectrum.get(), lines);
  }
  for (std::size_t i = 0; i < channels().size(); ++i) {
    const Floor& floor = setup_.floors[mapping.submaps[mapping.submap_of[i]].floor];
    floor.apply(channels_[i].curve, channels_[i].spectrum.get());
  }
  return true;
}

bool Decoder::read_floors(BitReader& bits, const Mapping& mapping, std::size_t lines) {
  for (std::size_t i = 0; i < channels().size(); ++i) {
    Channel& channel = channels_[i];
    const Floor& floor = setup_.floors[mapping.submaps[mapping.submap_of[i]].floor];
    if (static_cast<std::size_t>(floor.lines()) != lines) return false;
    if (!floor.decode(bits, setup_.books, channel.curve)) return false;
    channel.has_residue = !channel.curve.is_silent;
    std::fill_n(channel.spectrum.get(), lines, 0.0F);
  }
  return true;
}

bool Decoder::read_residues(BitReader& bits, const Mapping& mapping, std::size_t lines) {
  for (std::size_t number = 0; number < mapping.submaps.size(); ++number) {
    std::array<Channel*, kMaxChannels> members{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < channels().size(); ++i) {
      if (mapping.submap_of[i] == number) members[count++] = &channels_[i];
    }
    const Residue& residue = setup_.residues[mapping.submaps[number].residue];
    const std::span<Channel* const> of_submap = std::span(members).first(count);
    const bool is_read = residue.is_interleaved() ? read_interleaved(bits, residue, of_submap, lines)
                                                  : read_each(bits, residue, of_submap, lines);
    if (!is_read) return false;
  }
  return true;
}

bool Decoder::read_each(BitReader& bits, const Residue& residue, std::span<Channel* const> channels,
                        std::size_t lines) {
  std::array<float*, kMaxChannels> vectors{};
  std::size_t count = 0;
  for (Channel* const channel : channels) {
    if (channel->has_residue) vectors[count++] = channel->spectrum.get();
  }
  return count == 0 || residue.decode(bits, setup_.books, std::span(vectors).first(count), lines, classes_);
}

// One vector of all channels' lines, unless all of them are silent.
bool Decoder::read_interleaved(BitReader& bits, const Residue& residue, std::span<Channel* const> channels,
                               std::size_t lines) {
  if (std::ranges::none_of(channels, &Channel::has_residue)) return true;
  if (channels.size() == 1) return read_each(bits, residue, channels, lines);
  float* const together = interleaved_.get();
  std::fill_n(together, lines * channels.size(), 0.0F);
  if (!residue.decode(bits, setup_.books, std::span(&together, 1), lines * channels.size(), classes_))
    return false;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    float* const spectrum = channels[i]->spectrum.get();
    for (std::size_t line = 0; line < lines; ++line) spectrum[line] = together[line * channels.size() + i];
  }
  return true;
}

// Completes the samples from the middle of the block before to that of this one; how many they are.
std::size_t Decoder::overlap(Channel& channel, BlockSize before, BlockSize now) const {
  const std::size_t frames = (stream_.blocks[before] + stream_.blocks[now]) / 4;
  const BlockSize smaller = std::min(before, now);
  const std::size_t length = stream_.blocks[smaller] / 4;
  // Where a long block meets a short one, the long one's part that is farther from it has no window.
  const std::size_t alone = (stream_.blocks[kLong] - stream_.blocks[kShort]) / 4;
  const std::size_t alone_before = before > now ? alone : 0;
  float* const samples = channel.samples.get();
  std::copy_n(channel.overlap.get(), alone_before, samples);
  overlap_halves(channel.overlap.get() + alone_before, channel.half.get(), windows_[smaller].data(), length,
                 samples + alone_before);
  if (now > before) std::copy_n(channel.half.get() + length, alone, samples + 2 * length);
  return frames;
}

std::span<const float> Decoder::interleave(std::size_t frames) {
  if (channels().size() == 1) return {channels_[0].samples.get(), frames};
  for (std::size_t i = 0; i < channels().size(); ++i) {
    const float* const samples = channels_[i].samples.get();
    for (std::size_t frame = 0; frame < frames; ++frame)
      interleaved_[frame * channels().size() + i] = samples[frame];
  }
  return {interleaved_.get(), frames * channels().size()};
}

}  // namespace melsweep::vorbis
