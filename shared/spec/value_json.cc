#include "shared/spec/value_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxShown = 60;
constexpr std::string_view kBlocks = "blocks: ";
constexpr int kMaxBlocks = 11;  // Mixed_5b .. Mixed_7c of Inception v3

absl::Status not_right(std::string_view wanted, const json& value) {
  return absl::InvalidArgumentError(fmt::format("must be {}, not {}", wanted, show(value)));
}

template <class T>
absl::Status decode_integer(const json& value, T& out) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
      return not_right("a smaller number", value);
    out = static_cast<T>(number);
    return absl::OkStatus();
  }
  if (!value.is_number_integer()) return not_right("a whole number", value);
  const auto number = value.get<std::int64_t>();
  if constexpr (std::is_unsigned_v<T>) {
    if (number < 0) return not_right("a whole number of at least 0", value);
  } else if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max()) {
    return not_right("a number of 32 bits", value);
  }
  out = static_cast<T>(number);
  return absl::OkStatus();
}

absl::Status decode_blocks(const json& blocks, Trainable& out) {
  Trainable trainable{.kind = TrainableKind::kBlocks, .blocks = 0};
  if (absl::Status status = decode(blocks, trainable.blocks); !status.ok()) return status;
  if (trainable.blocks < 1 || trainable.blocks > kMaxBlocks) {
    return not_right(absl::StrCat("{blocks: N} with N from 1 to ", kMaxBlocks), blocks);
  }
  out = trainable;
  return absl::OkStatus();
}

}  // namespace

std::string show(const json& value) {
  std::string text = value.is_string() ? absl::StrCat("'", value.get_ref<const std::string&>(), "'")
                                       : value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= kMaxShown) return text;
  std::size_t end = kMaxShown - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // whole characters only
  return absl::StrCat(text.substr(0, end), "...");
}

json encode(const Trainable& trainable) {
  if (trainable.kind == TrainableKind::kBlocks) return {{"blocks", trainable.blocks}};
  return encode(trainable.kind);
}

json encode(const std::vector<Augmentation>& augmentation) {
  if (augmentation.empty()) return "none";
  if (augmentation.size() == 1) return encode(augmentation.front());
  json list = json::array();
  for (const Augmentation one : augmentation) list.push_back(encode(one));
  return list;
}

json encode(ByteSize size) {
  return to_text(size);
}

absl::Status decode(const json& value, int& out) {
  return decode_integer(value, out);
}
absl::Status decode(const json& value, std::int64_t& out) {
  return decode_integer(value, out);
}
absl::Status decode(const json& value, std::uint64_t& out) {
  return decode_integer(value, out);
}

absl::Status decode(const json& value, double& out) {
  if (!value.is_number()) return not_right("a number", value);
  const auto number = value.get<double>();
  if (!std::isfinite(number)) return not_right("a finite number", value);
  out = number;
  return absl::OkStatus();
}

absl::Status decode(const json& value, bool& out) {
  if (!value.is_boolean()) return not_right("true or false", value);
  out = value.get<bool>();
  return absl::OkStatus();
}

absl::Status decode(const json& value, std::string& out) {
  if (!value.is_string()) return not_right("text", value);
  out = value.get<std::string>();
  return absl::OkStatus();
}

absl::Status decode(const json& value, std::vector<int>& out) {
  if (!value.is_array()) return not_right("a list of whole numbers", value);
  std::vector<int> numbers;
  for (const json& item : value) {
    if (absl::Status status = decode(item, numbers.emplace_back()); !status.ok()) return status;
  }
  out = std::move(numbers);
  return absl::OkStatus();
}

absl::Status decode(const json& value, ByteSize& out) {
  const auto size = value.is_string() ? parse_byte_size(value.get_ref<const std::string&>()) : std::nullopt;
  if (!size) return not_right("a size such as 8GiB, 512MiB or 24GB", value);
  out = *size;
  return absl::OkStatus();
}

absl::Status decode(const json& value, std::vector<std::string>& out) {
  if (!value.is_array()) return not_right("a list of texts", value);
  std::vector<std::string> texts;
  for (const json& item : value) {
    if (absl::Status status = decode(item, texts.emplace_back()); !status.ok()) return status;
  }
  std::sort(texts.begin(), texts.end());
  if (std::adjacent_find(texts.begin(), texts.end()) != texts.end()) {
    return not_right("a list without repeats", value);
  }
  out = std::move(texts);
  return absl::OkStatus();
}

absl::Status decode(const json& value, Trainable& out) {
  static constexpr std::string_view kWanted = "head, all or {blocks: N}";
  if (value.is_object()) {
    return value.size() == 1 && value.contains("blocks") ? decode_blocks(value["blocks"], out)
                                                         : not_right(kWanted, value);
  }
  if (!value.is_string()) return not_right(kWanted, value);
  const auto& text = value.get_ref<const std::string&>();
  if (text == "head" || text == "all") {
    out = {.kind = *parse_name<TrainableKind>(text), .blocks = 0};
    return absl::OkStatus();
  }
  int blocks = 0;
  if (text.rfind(kBlocks, 0) != 0 || !absl::SimpleAtoi(text.substr(kBlocks.size()), &blocks)) {
    return not_right(kWanted, value);
  }
  return decode_blocks(blocks, out);
}

absl::Status decode(const json& value, std::vector<Augmentation>& out) {
  std::vector<Augmentation> found;
  json list = value;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    list = text == "none" ? json::array() : json(std::vector<std::string>(absl::StrSplit(text, '+')));
  }
  if (!list.is_array()) return not_right("none, channels or a list of augmentations", value);
  if (std::find(list.begin(), list.end(), "none") != list.end()) {
    if (list.size() > 1) return not_right("none alone, or a list without it", value);
    list.clear();
  }
  for (const json& item : list) {
    if (absl::Status status = decode(item, found.emplace_back()); !status.ok()) return status;
  }
  std::sort(found.begin(), found.end());
  if (std::adjacent_find(found.begin(), found.end()) != found.end())
    return not_right("a list without repeats", value);
  out = std::move(found);
  return absl::OkStatus();
}

ParameterValue to_parameter_value(const json& encoded) {
  if (encoded.is_boolean()) return encoded.get<bool>();
  if (encoded.is_number_float()) return encoded.get<double>();
  if (encoded.is_number()) return encoded.get<std::int64_t>();
  if (encoded.is_string()) return encoded.get<std::string>();
  if (encoded.is_object()) return absl::StrCat("blocks: ", encoded.at("blocks").get<int>());
  std::string joined;
  for (const json& item : encoded) {
    absl::StrAppend(&joined, joined.empty() ? "" : "+", item.get_ref<const std::string&>());
  }
  return joined;
}

json from_parameter_value(const ParameterValue& value) {
  return std::visit([](const auto& plain) { return json(plain); }, value);
}

}  // namespace melsweep::spec
