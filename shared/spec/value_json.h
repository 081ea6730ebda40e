// One field's value <-> JSON, in the words of the sweep YAML. Decoding says what would be right: "must be a
// whole number".
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/model/resources.h"
#include "shared/model/settings.h"
#include "shared/model/sweep.h"
#include "shared/spec/names.h"

namespace melsweep::spec {

// A value as messages show it: one line, at most 60 characters.
std::string show(const nlohmann::json& value);

// "mel, hertz"
template <class E>
std::string choices_of() {
  std::string text;
  for (const Named<E>& named : Names<E>::kAll) text.append(text.empty() ? "" : ", ").append(named.name);
  return text;
}

template <class T>
requires(!std::is_enum_v<T>) nlohmann::json encode(const T& value) {
  return value;
}

template <class E>
requires std::is_enum_v<E> nlohmann::json encode(E value) {
  return std::string(name_of(value));
}

// {"blocks": 3}, or the kind's name.
nlohmann::json encode(const Trainable& trainable);

// "none", the name of the only one, or a list.
nlohmann::json encode(const std::vector<Augmentation>& augmentation);

nlohmann::json encode(ByteSize size);

absl::Status decode(const nlohmann::json& json, int& out);
absl::Status decode(const nlohmann::json& json, std::int64_t& out);
absl::Status decode(const nlohmann::json& json, std::uint64_t& out);
absl::Status decode(const nlohmann::json& json, double& out);  // finite; takes whole numbers too
absl::Status decode(const nlohmann::json& json, bool& out);
absl::Status decode(const nlohmann::json& json, std::string& out);
absl::Status decode(const nlohmann::json& json, std::vector<int>& out);
absl::Status decode(const nlohmann::json& json, ByteSize& out);  // text: "8GiB"

// A list of different texts, in any order.
absl::Status decode(const nlohmann::json& json, std::vector<std::string>& out);

// Also takes "blocks: 3", as a ParameterValue holds it.
absl::Status decode(const nlohmann::json& json, Trainable& out);

// Also takes ["none"], and "channels+noise" as a ParameterValue holds it.
absl::Status decode(const nlohmann::json& json, std::vector<Augmentation>& out);

template <class E>
requires std::is_enum_v<E> absl::Status decode(const nlohmann::json& json, E& out) {
  if (json.is_string()) {
    if (const auto value = parse_name<E>(json.template get_ref<const std::string&>())) {
      out = *value;
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(absl::StrCat("must be one of ", choices_of<E>(), ", not ", show(json)));
}

// A field's encoded value as the value of a parameter, and back to what decode takes.
ParameterValue to_parameter_value(const nlohmann::json& encoded);
nlohmann::json from_parameter_value(const ParameterValue& value);

}  // namespace melsweep::spec
