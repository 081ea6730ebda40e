// Reading the fields of a JSON object that nobody vouches for.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "shared/spec/names.h"

namespace melsweep::protocol {

// Gives field after field of one object, and a zero value for each that is missing or ill-typed; the first of
// these is kept as an InvalidArgument naming the field, so that a decoder reads everything and looks at the
// status once. Fields that nobody asks for are passed over: a later version may add some.
class FieldReader {
 public:
  // `path` is how errors name the object, "" for the whole message. `json` and `status` must outlive the
  // reader.
  FieldReader(const nlohmann::json& json, std::string path, absl::Status& status);

  std::string text(std::string_view field);
  double number(std::string_view field);  // null reads as NaN
  bool has(std::string_view field) const;

  // An integral number in [least, the type's greatest].
  template <class Integer>
  Integer integer(std::string_view field, Integer least = std::numeric_limits<Integer>::min());

  // An integral number in [0, size).
  int index(std::string_view field, std::size_t size);

  // A text that shared/spec/names.h knows for E.
  template <class E>
  E named(std::string_view field);

  FieldReader object(std::string_view field);

  // What a decoder of shared/spec makes of the field: decode(json) -> StatusOr<T>.
  template <class T, class Decode>
  T decoded(std::string_view field, Decode decode);

  // read(item_json, item_path) -> T for each item; item_path is "clips[3]".
  template <class T, class Read>
  std::vector<T> list(std::string_view field, Read read);
  std::vector<std::string> texts(std::string_view field);
  std::map<std::string, std::string> texts_by_name(std::string_view field);  // an object of texts
  std::vector<float> floats(std::string_view field);                         // null reads as NaN
  template <class Integer>
  std::vector<Integer> integers(std::string_view field);

  absl::Status& status() { return status_; }

  // Keeps the first thing that is wrong: "field 'a.b' <problem>".
  void refuse(std::string_view field, std::string_view problem);

 private:
  const nlohmann::json* find(std::string_view field);
  const nlohmann::json* find_list(std::string_view field);
  std::string path_of(std::string_view field) const;

  const nlohmann::json& json_;
  std::string path_;
  absl::Status& status_;
};

// True where `json` is an integral number that fits the type.
template <class Integer>
bool read_integer(const nlohmann::json& json, Integer& value) {
  if (json.is_number_unsigned()) {
    const auto number = json.get<std::uint64_t>();
    if (!std::in_range<Integer>(number)) return false;
    value = static_cast<Integer>(number);
    return true;
  }
  if (!json.is_number_integer()) return false;
  const auto number = json.get<std::int64_t>();
  if (!std::in_range<Integer>(number)) return false;
  value = static_cast<Integer>(number);
  return true;
}

template <class Integer>
Integer FieldReader::integer(std::string_view field, Integer least) {
  const nlohmann::json* value = find(field);
  if (value == nullptr) return {};
  Integer number{};
  if (!read_integer(*value, number) || number < least) {
    refuse(field,
           fmt::format("must be a whole number from {} to {}", least, std::numeric_limits<Integer>::max()));
    return {};
  }
  return number;
}

template <class E>
E FieldReader::named(std::string_view field) {
  const std::string name = text(field);
  if (!status_.ok()) return {};
  const auto value = spec::parse_name<E>(name);
  if (!value.has_value()) {
    std::string known;
    for (const auto& entry : spec::Names<E>::kAll) {
      if (!known.empty()) known += ", ";
      known += entry.name;
    }
    refuse(field, "must be one of " + known);
    return {};
  }
  return *value;
}

template <class T, class Decode>
T FieldReader::decoded(std::string_view field, Decode decode) {
  const nlohmann::json* value = find(field);
  if (value == nullptr) return {};
  auto result = decode(*value);
  if (!result.ok()) {
    refuse(field, "is not valid: " + std::string(result.status().message()));
    return {};
  }
  return *std::move(result);
}

template <class T, class Read>
std::vector<T> FieldReader::list(std::string_view field, Read read) {
  const nlohmann::json* value = find_list(field);
  std::vector<T> items;
  if (value == nullptr) return items;
  items.reserve(value->size());
  for (const nlohmann::json& item : *value) {
    items.push_back(read(item, fmt::format("{}[{}]", path_of(field), items.size())));
    if (!status_.ok()) return {};
  }
  return items;
}

template <class Integer>
std::vector<Integer> FieldReader::integers(std::string_view field) {
  return list<Integer>(field, [this, field](const nlohmann::json& item, const std::string&) {
    Integer number{};
    if (!read_integer(item, number)) refuse(field, "must be a list of whole numbers");
    return number;
  });
}

}  // namespace melsweep::protocol
