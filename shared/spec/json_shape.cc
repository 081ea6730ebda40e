#include "shared/spec/json_shape.h"

#include <algorithm>

namespace melsweep::spec {

JsonShape shape_of_json(std::string_view json) {
  JsonShape shape;
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      shape.depth = std::max(shape.depth, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ',') {
      ++shape.commas;
    }
  }
  return shape;
}

}  // namespace melsweep::spec
