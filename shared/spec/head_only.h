// What a head is trained with, and a network that learns is not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/model/settings.h"

namespace melsweep::spec {

struct HeadOnly {
  std::string_view field;  // its path
  std::string message;     // "training.precision bfloat16 is ..."
  std::string hint;
};

// Whether a value of this field may go with model.trainable: head alone.
bool is_head_only(std::string_view path);

// Each field that goes with model.trainable: head alone, where that is another.
std::vector<HeadOnly> head_only_settings(const TrialSettings& settings);

}  // namespace melsweep::spec
