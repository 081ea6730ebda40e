// How much the examples of each class count.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "shared/model/settings.h"

namespace melsweep::training {

// [classes]: for kBalanced n / (k * n_c), of n examples with these labels, n_c of them of class c, k classes
// that have some; 0 for the others. Empty for kNone: all count alike.
std::vector<float> class_weights(ClassWeights kind, std::span<const int> labels, std::size_t classes);

}  // namespace melsweep::training
