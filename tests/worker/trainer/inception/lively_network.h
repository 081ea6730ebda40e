// A network for tests of what folds it.
#pragma once

#include <torch/torch.h>

#include "worker/trainer/inception/network.h"

namespace melsweep::inception {

// A network whose statistics and scales are not the identity.
inline InceptionV3 lively_network(const Dialect& dialect) {
  InceptionV3 network(dialect);
  {
    const torch::NoGradGuard no_grad;
    const auto source = random_network(1)->named_parameters();
    for (auto& parameter : network->named_parameters()) parameter.value().copy_(source[parameter.key()]);
  }
  {
    const torch::NoGradGuard no_grad;
    torch::manual_seed(3);
    for (auto& buffer : network->named_buffers()) {
      if (buffer.key().ends_with("running_mean")) buffer.value().uniform_(-0.1, 0.1);
      if (buffer.key().ends_with("running_var")) buffer.value().uniform_(0.8, 1.2);
    }
    for (auto& parameter : network->named_parameters()) {
      if (parameter.key().find(".bn.") != std::string::npos) parameter.value().add_(0.05);
    }
  }
  return network;
}

}  // namespace melsweep::inception
