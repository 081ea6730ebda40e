#include <array>
#include <charconv>

#include "shared/model/sweep.h"

namespace melsweep {
namespace {

struct ToText {
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  std::string operator()(const std::string& text) const { return text; }
  // The shortest text that reads back as the same number.
  std::string operator()(double number) const {
    std::array<char, 32> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return std::string(buffer.data(), result.ptr);
  }
};

}  // namespace

std::string to_text(const ParameterValue& value) {
  return std::visit(ToText{}, value);
}

}  // namespace melsweep
