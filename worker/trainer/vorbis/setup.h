// What the headers of a Vorbis stream say (Vorbis I specification, section 4.2).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "worker/trainer/vorbis/bit_reader.h"
#include "worker/trainer/vorbis/codebook.h"
#include "worker/trainer/vorbis/floor.h"
#include "worker/trainer/vorbis/residue.h"

namespace melsweep::vorbis {

inline constexpr int kMaxChannels = 2;  // the order of more would have to be changed

// The identification header.
struct Identification {
  int channels = 0;
  int sample_rate = 0;                  // Hz
  std::array<std::size_t, 2> blocks{};  // samples of a short and of a long block, powers of two: 64 to 8192
};

// None where it is not well-formed or claims more than kMaxChannels or a rate that an int does not hold.
std::optional<Identification> read_identification(std::span<const unsigned char> packet);

// Whether the packet is a comment header that libvorbis takes.
bool is_comment_header(std::span<const unsigned char> packet);

// One channel is magnitude, the other the angle of it.
struct Coupling {
  std::size_t magnitude = 0;
  std::size_t angle = 0;
};

struct Submap {
  std::size_t floor = 0;
  std::size_t residue = 0;
};

struct Mapping {
  std::vector<Coupling> couplings;
  std::vector<Submap> submaps;
  std::array<std::size_t, kMaxChannels> submap_of{};  // by channel
};

struct Mode {
  bool is_long = false;
  std::size_t mapping = 0;
};

// The set-up header.
struct Setup {
  std::vector<Codebook> books;
  std::vector<Floor> floors;
  std::vector<Residue> residues;
  std::vector<Mapping> mappings;
  std::vector<Mode> modes;
};

// None where it is not well-formed or uses what encoders no longer do: floors of type 0, residues of type 0.
std::optional<Setup> read_setup(std::span<const unsigned char> packet, const Identification& stream);

}  // namespace melsweep::vorbis
