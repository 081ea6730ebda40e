// A look at JSON before it is parsed: made of nothing but brackets and commas, a text would cost fifty times
// its length in memory.
#pragma once

#include <cstddef>
#include <string_view>

namespace melsweep::spec {

struct JsonShape {
  int depth = 0;           // how many lists and objects stand in each other
  std::size_t commas = 0;  // outside of strings: about as many values as there are
};

// The text need not be valid JSON.
JsonShape shape_of_json(std::string_view json);

}  // namespace melsweep::spec
