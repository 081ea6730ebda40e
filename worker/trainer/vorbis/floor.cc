#include "worker/trainer/vorbis/floor.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <numeric>

#include "worker/trainer/vorbis/floor_levels.h"

namespace melsweep::vorbis {
namespace {

constexpr int kFloorType = 1;
constexpr std::array<int, 4> kRanges = {256, 128, 86, 64};  // of heights, by multiplier

// Multiplies [begin, end) by a line from one height to the other, drawn in whole steps: Bresenham's, whose
// height after k of n lines is from + k * rise / n, rounded towards `from`. In single precision that is
// exact: a half is added, so that a whole number is never just missed; k * rise / n is at most 255, and the
// rounding thus below 1e-4, less than the half of a line in at most 4,096.
void apply_line(int begin, int from, int end, int to, float* spectrum) {
  constexpr int kPiece = 64;
  std::array<int, kPiece> rises;
  const int width = end - begin;
  const auto rise = static_cast<float>(std::abs(to - from));
  const float share = 1.0F / static_cast<float>(width);
  const int direction = to < from ? -1 : 1;
  for (int first = 0; first < width; first += kPiece) {
    const int count = std::min(kPiece, width - first);
    for (int i = 0; i < (count + 7) / 8 * 8; ++i)
      rises[static_cast<std::size_t>(i)] =
          static_cast<int>((static_cast<float>(first + i) * rise + 0.5F) * share);
    for (int i = 0; i < count; ++i) {
      const int height = from + direction * rises[static_cast<std::size_t>(i)];
      spectrum[begin + first + i] *= kFloorLevels[static_cast<std::size_t>(height)];
    }
  }
}

}  // namespace

std::optional<Floor> Floor::read(BitReader& bits, std::span<const Codebook> books) {
  Floor floor;
  if (bits.read(16) != kFloorType) return std::nullopt;
  if (!floor.read_classes(bits, books) || !floor.read_positions(bits) || !floor.find_neighbours()) {
    return std::nullopt;
  }
  return floor;
}

bool Floor::read_classes(BitReader& bits, std::span<const Codebook> books) {
  partition_classes_.resize(bits.read(5));
  int classes = 0;
  for (int& number : partition_classes_) {
    number = static_cast<int>(bits.read(4));
    classes = std::max(classes, number + 1);
  }
  classes_.resize(static_cast<std::size_t>(classes));
  for (Class& a_class : classes_) {
    a_class.dimensions = static_cast<int>(bits.read(3)) + 1;
    a_class.subclass_bits = static_cast<int>(bits.read(2));
    if (a_class.subclass_bits > 0) a_class.master_book = static_cast<int>(bits.read(8));
    if (a_class.master_book >= static_cast<int>(books.size())) return false;
    for (int i = 0; i < 1 << a_class.subclass_bits; ++i) {
      const int book = static_cast<int>(bits.read(8)) - 1;
      if (book >= static_cast<int>(books.size())) return false;
      a_class.books[static_cast<std::size_t>(i)] = book;
    }
  }
  return true;
}

bool Floor::read_positions(BitReader& bits) {
  multiplier_ = static_cast<int>(bits.read(2)) + 1;
  range_ = kRanges[static_cast<std::size_t>(multiplier_ - 1)];
  const int position_bits = static_cast<int>(bits.read(4));
  positions_ = {0, 1 << position_bits};
  for (const int number : partition_classes_) {
    for (int i = 0; i < classes_[static_cast<std::size_t>(number)].dimensions; ++i)
      positions_.push_back(static_cast<int>(bits.read(position_bits)));
  }
  return positions_.size() <= FloorCurve::kMaxPoints;
}

// False where two points have one position.
bool Floor::find_neighbours() {
  neighbours_.resize(positions_.size());
  for (std::size_t point = 2; point < positions_.size(); ++point) {
    Neighbours& beside = neighbours_[point];
    for (std::size_t other = 0; other < point; ++other) {
      if (positions_[other] < positions_[point] && positions_[other] > positions_[beside.low])
        beside.low = other;
      if (positions_[other] > positions_[point] && positions_[other] < positions_[beside.high])
        beside.high = other;
    }
  }
  order_.resize(positions_.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::sort(order_, {}, [this](std::size_t point) { return positions_[point]; });
  return std::ranges::adjacent_find(order_, {}, [this](std::size_t point) { return positions_[point]; }) ==
         order_.end();
}

bool Floor::decode(BitReader& bits, std::span<const Codebook> books, FloorCurve& curve) const {
  curve.is_silent = !bits.read_flag();
  if (curve.is_silent) return true;
  read_offsets(bits, books, curve);
  return resolve(curve);
}

// Of the ends their heights; of the other points how far they are from where the line would be without them.
void Floor::read_offsets(BitReader& bits, std::span<const Codebook> books, FloorCurve& curve) const {
  const int end_bits = static_cast<int>(std::bit_width(static_cast<unsigned>(range_ - 1)));
  curve.heights[0] = static_cast<int>(bits.read(end_bits));
  curve.heights[1] = static_cast<int>(bits.read(end_bits));
  std::size_t point = 2;
  for (const int number : partition_classes_) {
    const Class& a_class = classes_[static_cast<std::size_t>(number)];
    std::uint32_t subclasses = 0;
    if (a_class.master_book != kNoBook)
      subclasses = books[static_cast<std::size_t>(a_class.master_book)].entry(bits);
    for (int i = 0; i < a_class.dimensions; ++i) {
      const int book = a_class.books[subclasses & ((1U << a_class.subclass_bits) - 1)];
      subclasses >>= a_class.subclass_bits;
      curve.heights[point++] =
          book == kNoBook ? 0 : static_cast<int>(books[static_cast<std::size_t>(book)].entry(bits));
    }
  }
}

// The height at a point of the line between its neighbours.
int Floor::predicted(std::size_t point, const FloorCurve& curve) const {
  const auto [low, high] = neighbours_[point];
  const int rise = curve.heights[high] - curve.heights[low];
  const int along =
      std::abs(rise) * (positions_[point] - positions_[low]) / (positions_[high] - positions_[low]);
  return curve.heights[low] + (rise < 0 ? -along : along);
}

// Offsets alternate between below and above, until one of them has no room left.
bool Floor::resolve(FloorCurve& curve) const {
  const auto leaves_scale = [this](int height) { return height < 0 || height >= range_; };
  if (leaves_scale(curve.heights[0]) || leaves_scale(curve.heights[1])) return false;
  curve.is_corner[0] = true;
  curve.is_corner[1] = true;
  for (std::size_t point = 2; point < positions_.size(); ++point) {
    const int offset = curve.heights[point];
    const int expected = predicted(point, curve);
    const int above = range_ - expected;
    const int room = 2 * std::min(above, expected);
    int& height = curve.heights[point];
    curve.is_corner[point] = offset != 0;
    if (offset == 0) {
      height = expected;
      continue;
    }
    curve.is_corner[neighbours_[point].low] = true;
    curve.is_corner[neighbours_[point].high] = true;
    if (offset >= room) {
      height = above > expected ? offset : range_ - 1 - offset;
    } else {
      height = offset % 2 == 1 ? expected - (offset + 1) / 2 : expected + offset / 2;
    }
    if (leaves_scale(height)) return false;
  }
  return true;
}

void Floor::apply(const FloorCurve& curve, float* spectrum) const {
  if (curve.is_silent) {
    for (int line = 0; line < lines(); ++line) spectrum[line] *= 0.0F;
    return;
  }
  std::size_t from = order_.front();
  for (const std::size_t to : order_) {
    if (to == from || !curve.is_corner[to]) continue;
    apply_line(positions_[from], curve.heights[from] * multiplier_, positions_[to],
               curve.heights[to] * multiplier_, spectrum);
    from = to;
  }
}

}  // namespace melsweep::vorbis
