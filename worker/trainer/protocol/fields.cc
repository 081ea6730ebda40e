#include "worker/trainer/protocol/fields.h"

#include <cmath>

namespace melsweep::protocol {
namespace {

// A double beyond float's range has no defined conversion.
bool fits_float(double number) {
  return !std::isfinite(number) || std::abs(number) <= std::numeric_limits<float>::max();
}

}  // namespace

FieldReader::FieldReader(const nlohmann::json& json, std::string path, absl::Status& status)
    : json_(json), path_(std::move(path)), status_(status) {
  if (!json_.is_object() && status_.ok()) {
    status_ = absl::InvalidArgumentError(path_.empty() ? "the message is no JSON object"
                                                       : fmt::format("field '{}' must be an object", path_));
  }
}

std::string FieldReader::path_of(std::string_view field) const {
  return path_.empty() ? std::string(field) : fmt::format("{}.{}", path_, field);
}

void FieldReader::refuse(std::string_view field, std::string_view problem) {
  if (status_.ok())
    status_ = absl::InvalidArgumentError(fmt::format("field '{}' {}", path_of(field), problem));
}

bool FieldReader::has(std::string_view field) const {
  return json_.is_object() && json_.find(field) != json_.end();
}

const nlohmann::json* FieldReader::find(std::string_view field) {
  if (!status_.ok()) return nullptr;
  const auto found = json_.find(field);
  if (found == json_.end()) {
    refuse(field, "is missing");
    return nullptr;
  }
  return &*found;
}

const nlohmann::json* FieldReader::find_list(std::string_view field) {
  const nlohmann::json* value = find(field);
  if (value != nullptr && !value->is_array()) {
    refuse(field, "must be a list");
    return nullptr;
  }
  return value;
}

std::string FieldReader::text(std::string_view field) {
  const nlohmann::json* value = find(field);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    refuse(field, "must be a text");
    return {};
  }
  return value->get<std::string>();
}

double FieldReader::number(std::string_view field) {
  const nlohmann::json* value = find(field);
  if (value == nullptr) return 0.0;
  if (value->is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value->is_number()) {
    refuse(field, "must be a number or null");
    return 0.0;
  }
  return value->get<double>();
}

int FieldReader::index(std::string_view field, std::size_t size) {
  const int number = integer<int>(field, 0);
  if (status_.ok() && static_cast<std::size_t>(number) >= size) {
    refuse(field, fmt::format("must be less than {}, the number of classes", size));
    return 0;
  }
  return number;
}

FieldReader FieldReader::object(std::string_view field) {
  // What a missing object is read from: every field of it is missing too, and the first error is kept.
  static const nlohmann::json kNothing = nlohmann::json::object();
  const nlohmann::json* value = find(field);
  return FieldReader(value == nullptr ? kNothing : *value, path_of(field), status_);
}

std::vector<std::string> FieldReader::texts(std::string_view field) {
  return list<std::string>(field, [this, field](const nlohmann::json& item, const std::string&) {
    if (item.is_string()) return item.get<std::string>();
    refuse(field, "must be a list of texts");
    return std::string();
  });
}

std::map<std::string, std::string> FieldReader::texts_by_name(std::string_view field) {
  std::map<std::string, std::string> texts;
  const nlohmann::json* value = find(field);
  if (value == nullptr) return texts;
  FieldReader members(*value, path_of(field), status_);
  if (!status_.ok()) return texts;
  for (const auto& member : value->items()) texts.emplace(member.key(), members.text(member.key()));
  return texts;
}

std::vector<float> FieldReader::floats(std::string_view field) {
  const nlohmann::json* value = find_list(field);
  std::vector<float> numbers;
  if (value == nullptr) return numbers;
  numbers.reserve(value->size());
  for (const nlohmann::json& item : *value) {
    if (item.is_null()) {
      numbers.push_back(std::numeric_limits<float>::quiet_NaN());
    } else if (item.is_number() && fits_float(item.get<double>())) {
      numbers.push_back(static_cast<float>(item.get<double>()));
    } else {
      refuse(field, "must be a list of numbers or nulls that fit 32 bits");
      return {};
    }
  }
  return numbers;
}

}  // namespace melsweep::protocol
