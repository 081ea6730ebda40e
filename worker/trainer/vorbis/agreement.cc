#include "worker/trainer/vorbis/agreement.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace melsweep::vorbis {

Receiver held_against(std::span<const float> samples, const Receiver& receiver) {
  const auto take = [samples, &receiver](std::span<const float> block) mutable {
    if (block.size() > samples.size()) return false;
    const auto agree = [](float one, float other) { return std::abs(one - other) <= kTolerance; };
    if (!std::ranges::equal(block, samples.first(block.size()), agree)) return false;
    samples = samples.subspan(block.size());
    return receiver.take(block);
  };
  return {.begin = receiver.begin, .take = take};
}

}  // namespace melsweep::vorbis
