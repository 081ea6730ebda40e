// The inverse modified discrete cosine transform (MDCT), by libavcodec.
#pragma once

#include <cstddef>
#include <memory>

struct FFTContext;

namespace melsweep::vorbis {

struct FreeFloats {
  void operator()(float* floats) const;
};

// Where the transform's vector instructions want it.
using Floats = std::unique_ptr<float[], FreeFloats>;

// Zeros. Throws std::bad_alloc.
Floats make_floats(std::size_t count);

// Not thread-safe; transforms on different threads do not disturb each other.
class Transform {
 public:
  // block: a power of two, 64 to 8192. Throws std::bad_alloc.
  explicit Transform(std::size_t block);

  // From a spectrum, [block / 2], to the middle half of a block, [block / 2]: what comes before and after it
  // is its mirror image, negated before it. Both are to be what make_floats() made.
  void run(const Floats& spectrum, const Floats& half) const;

 private:
  struct End {
    void operator()(FFTContext* context) const;
  };
  std::unique_ptr<FFTContext, End> context_;
};

}  // namespace melsweep::vorbis
