// Floor type 1: the coarse shape of a spectrum as a line through points (Vorbis I specification, section 7).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "worker/trainer/vorbis/bit_reader.h"
#include "worker/trainer/vorbis/codebook.h"

namespace melsweep::vorbis {

// The heights of a floor's points for one packet; none where the channel is silent.
struct FloorCurve {
  static constexpr std::size_t kMaxPoints = 250;  // 31 partitions of 8, and both ends

  bool is_silent = true;
  std::array<int, kMaxPoints> heights{};     // in steps of kFloorLevels, [points]
  std::array<bool, kMaxPoints> is_corner{};  // the line bends there, [points]
};

class Floor {
 public:
  // Reads one of the set-up header, its type included. None where it is not well-formed, where it is of
  // another type than 1, and where it refers to books that there are not.
  static std::optional<Floor> read(BitReader& bits, std::span<const Codebook> books);

  // Of how many lines of a spectrum it is the shape.
  int lines() const { return positions_[1]; }

  // Reads a channel's curve of a packet. False where it leaves the scale.
  bool decode(BitReader& bits, std::span<const Codebook> books, FloorCurve& curve) const;

  // Multiplies a spectrum, [lines()], by a curve.
  void apply(const FloorCurve& curve, float* spectrum) const;

 private:
  static constexpr int kNoBook = -1;

  struct Class {
    int dimensions = 0;
    int subclass_bits = 0;
    int master_book = kNoBook;
    std::array<int, 8> books{};  // of the subclasses
  };

  // The points to the left and right of a point among those before it.
  struct Neighbours {
    std::size_t low = 0;
    std::size_t high = 1;
  };

  bool read_classes(BitReader& bits, std::span<const Codebook> books);
  bool read_positions(BitReader& bits);
  bool find_neighbours();
  void read_offsets(BitReader& bits, std::span<const Codebook> books, FloorCurve& curve) const;
  int predicted(std::size_t point, const FloorCurve& curve) const;
  bool resolve(FloorCurve& curve) const;

  std::vector<int> partition_classes_;
  std::vector<Class> classes_;
  int multiplier_ = 1;
  int range_ = 256;
  std::vector<int> positions_;  // of the points; the first two are the ends
  std::vector<Neighbours> neighbours_;
  std::vector<std::size_t> order_;  // of the points from left to right
};

}  // namespace melsweep::vorbis
