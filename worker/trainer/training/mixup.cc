#include "worker/trainer/training/mixup.h"

#include <numeric>
#include <utility>

#include "worker/trainer/random/random.h"

namespace melsweep::training {

Mixing draw_mixing(std::uint64_t seed, std::int64_t step, std::size_t examples, double alpha) {
  Random random(seed, RandomStream::kMixup, static_cast<std::uint64_t>(step));
  Mixing mixing{.partners = std::vector<std::uint32_t>(examples)};
  std::iota(mixing.partners.begin(), mixing.partners.end(), 0U);
  for (std::size_t i = examples - 1; i > 0; --i) {
    std::swap(mixing.partners[i], mixing.partners[random.below(i + 1)]);
  }
  mixing.share = static_cast<float>(random.beta(alpha));
  return mixing;
}

}  // namespace melsweep::training
