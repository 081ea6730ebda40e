#include "worker/trainer/vorbis/setup.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <string_view>

namespace melsweep::vorbis {
namespace {

constexpr std::uint32_t kIdentification = 1;
constexpr std::uint32_t kComments = 3;
constexpr std::uint32_t kSetup = 5;
constexpr std::uint32_t kMinBlockBits = 6;
constexpr std::uint32_t kMaxBlockBits = 13;

// Reads what every header begins with.
bool begins(BitReader& bits, std::uint32_t type) {
  bool matches = bits.read(8) == type;
  for (const char letter : std::string_view("vorbis"))
    matches &= bits.read(8) == static_cast<unsigned char>(letter);
  return matches;
}

// Of a list whose length stands before it in a number of `count_bits`.
template <class T, class Read>
bool read_list(BitReader& bits, int count_bits, std::vector<T>& list, const Read& read) {
  const std::size_t count = std::size_t{bits.read(count_bits)} + 1;
  for (std::size_t i = 0; i < count; ++i) {
    std::optional<T> item = read(bits);
    if (!item || bits.overrun()) return false;
    list.push_back(*std::move(item));
  }
  return true;
}

// Time domain transforms: a place that was kept for something that never came.
bool read_transforms(BitReader& bits) {
  for (std::uint32_t left = bits.read(6) + 1; left > 0; --left) {
    if (bits.read(16) != 0) return false;
  }
  return true;
}

bool read_couplings(BitReader& bits, std::size_t channels, Mapping& mapping) {
  if (!bits.read_flag()) return true;
  mapping.couplings.resize(std::size_t{bits.read(8)} + 1);
  const int channel_bits = static_cast<int>(std::bit_width(channels - 1));
  for (Coupling& coupling : mapping.couplings) {
    coupling = {.magnitude = bits.read(channel_bits), .angle = bits.read(channel_bits)};
    const bool is_pair =
        coupling.magnitude != coupling.angle && coupling.magnitude < channels && coupling.angle < channels;
    if (!is_pair) return false;
  }
  return true;
}

std::optional<Mapping> read_mapping(BitReader& bits, std::size_t channels, const Setup& setup) {
  Mapping mapping;
  if (bits.read(16) != 0) return std::nullopt;  // its type
  mapping.submaps.resize(bits.read_flag() ? std::size_t{bits.read(4)} + 1 : 1);
  if (!read_couplings(bits, channels, mapping) || bits.read(2) != 0) return std::nullopt;
  for (std::size_t channel = 0; mapping.submaps.size() > 1 && channel < channels; ++channel) {
    mapping.submap_of[channel] = bits.read(4);
    if (mapping.submap_of[channel] >= mapping.submaps.size()) return std::nullopt;
  }
  for (Submap& submap : mapping.submaps) {
    bits.read(8);  // of the time domain transform
    submap.floor = bits.read(8);
    submap.residue = bits.read(8);
    if (submap.floor >= setup.floors.size() || submap.residue >= setup.residues.size()) return std::nullopt;
  }
  return mapping;
}

std::optional<Mode> read_mode(BitReader& bits, const Setup& setup) {
  Mode mode{.is_long = bits.read_flag()};
  const std::uint32_t window_and_transform = bits.read(32);  // types; there is one of either
  mode.mapping = bits.read(8);
  if (window_and_transform != 0 || mode.mapping >= setup.mappings.size()) return std::nullopt;
  return mode;
}

}  // namespace

std::optional<Identification> read_identification(std::span<const unsigned char> packet) {
  BitReader bits(packet);
  if (!begins(bits, kIdentification) || bits.read(32) != 0) return std::nullopt;  // its version
  const std::uint32_t channels = bits.read(8);
  const std::uint32_t sample_rate = bits.read(32);
  for (int bit_rate = 0; bit_rate < 3; ++bit_rate) bits.read(32);
  const std::uint32_t short_bits = bits.read(4);
  const std::uint32_t long_bits = bits.read(4);
  const bool is_framed = bits.read_flag();
  if (!is_framed || bits.overrun()) return std::nullopt;
  if (channels < 1 || channels > kMaxChannels) return std::nullopt;
  if (sample_rate < 1 || sample_rate > std::numeric_limits<int>::max()) return std::nullopt;
  if (short_bits < kMinBlockBits || short_bits > long_bits || long_bits > kMaxBlockBits) return std::nullopt;
  return Identification{.channels = static_cast<int>(channels),
                        .sample_rate = static_cast<int>(sample_rate),
                        .blocks = {std::size_t{1} << short_bits, std::size_t{1} << long_bits}};
}

bool is_comment_header(std::span<const unsigned char> packet) {
  constexpr std::size_t kBeginning = 7;
  BitReader beginning(packet);
  if (!begins(beginning, kComments)) return false;
  std::span<const unsigned char> rest = packet.subspan(kBeginning);
  // Takes a number of four bytes.
  const auto number = [&rest]() -> std::optional<std::size_t> {
    if (rest.size() < 4) return std::nullopt;
    const std::uint32_t value = BitReader(rest).read(32);
    rest = rest.subspan(4);
    return value;
  };
  const auto skip_text = [&rest, &number] {
    const std::optional<std::size_t> length = number();
    if (!length || *length > rest.size()) return false;
    rest = rest.subspan(*length);
    return true;
  };
  if (!skip_text()) return false;  // who wrote it
  const std::optional<std::size_t> comments = number();
  if (!comments || *comments > rest.size() / 4) return false;
  for (std::size_t i = 0; i < *comments; ++i) {
    if (!skip_text()) return false;
  }
  return !rest.empty() && (rest[0] & 1) != 0;  // framed
}

std::optional<Setup> read_setup(std::span<const unsigned char> packet, const Identification& stream) {
  BitReader bits(packet);
  Setup setup;
  const auto channels = static_cast<std::size_t>(stream.channels);
  const auto read_floor = [&](BitReader& from) { return Floor::read(from, setup.books); };
  const auto read_residue = [&](BitReader& from) { return Residue::read(from, setup.books); };
  const auto mapping = [&](BitReader& from) { return read_mapping(from, channels, setup); };
  const auto mode = [&](BitReader& from) { return read_mode(from, setup); };
  const bool is_read = begins(bits, kSetup) && read_list(bits, 8, setup.books, Codebook::read) &&
                       read_transforms(bits) && read_list(bits, 6, setup.floors, read_floor) &&
                       read_list(bits, 6, setup.residues, read_residue) &&
                       read_list(bits, 6, setup.mappings, mapping) && read_list(bits, 6, setup.modes, mode);
  if (!is_read || !bits.read_flag() || bits.overrun()) return std::nullopt;
  return setup;
}

}  // namespace melsweep::vorbis
