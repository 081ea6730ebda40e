// A whole set of trunk parameters with made-up values, for tests of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "worker/trainer/inception/layers.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::inception {

// Every parameter is `fill` all over; a test changes what it wants to.
struct TrunkFixture {
  std::vector<ParameterSpec> specs = trunk_parameters();
  std::vector<std::vector<float>> values;
  std::vector<NamedTensor> more;

  explicit TrunkFixture(float fill) {
    for (const ParameterSpec& spec : specs) {
      const std::int64_t count =
          std::accumulate(spec.shape.begin(), spec.shape.end(), std::int64_t{1}, std::multiplies<>());
      values.emplace_back(static_cast<std::size_t>(count), fill);
    }
  }

  std::vector<NamedTensor> tensors() const {
    std::vector<NamedTensor> all;
    for (std::size_t i = 0; i < specs.size(); ++i) all.push_back({specs[i].name, specs[i].shape, values[i]});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

}  // namespace melsweep::inception
