#include "shared/manual/option_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "shared/manual/roff.h"

namespace melsweep::manual {
namespace {

// CLI11 says what a value is as "TEXT", "INT:INT in [1 - 256]" or "TEXT:{table,json}".
struct ValueType {
  std::string name;                  // "INT"
  std::string bound;                 // "INT in [1 - 256]"
  std::vector<std::string> choices;  // table, json
};

ValueType type_of(const CLI::Option& option) {
  ValueType type;
  const std::vector<std::string> parts = absl::StrSplit(option.get_type_name(), absl::MaxSplits(':', 1));
  type.name = parts.front();
  if (parts.size() == 1) return type;
  const std::string& rest = parts.back();
  if (rest.size() > 2 && rest.front() == '{' && rest.back() == '}') {
    type.choices = absl::StrSplit(rest.substr(1, rest.size() - 2), ',');
  } else {
    type.bound = rest;
  }
  return type;
}

bool takes_many(const CLI::Option& option) {
  return option.get_items_expected_max() >= CLI::detail::expected_max_vector_size;
}

std::string value_roff(const CLI::Option& option) {
  const ValueType type = type_of(option);
  if (type.name.empty()) return "";  // a flag
  if (!type.choices.empty()) {
    return absl::StrJoin(type.choices, "|",
                         [](std::string* out, const std::string& word) { out->append(plain(word)); });
  }
  std::string one = italic(type.name);
  if (takes_many(option)) return one;
  for (int i = 1; i < option.get_items_expected_min(); ++i) absl::StrAppend(&one, " ", italic(type.name));
  return one;
}

// "INT in [1 - 256]" as people say it.
std::string bound_sentence(const std::string& bound) {
  if (bound == "POSITIVE") return "More than 0.";
  if (bound == "NONNEGATIVE") return "0 or more.";
  const std::size_t from = bound.find("in [");
  const std::size_t between = bound.find(" - ");
  if (from == std::string::npos || between == std::string::npos || bound.back() != ']') return "";
  return absl::StrCat("From ", bound.substr(from + 4, between - from - 4), " to ",
                      bound.substr(between + 3, bound.size() - between - 4), ".");
}

std::string names_of(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  std::sort(names.begin(), names.end());
  return absl::StrJoin(names, ", ");
}

}  // namespace

std::string term_roff(const CLI::Option& option) {
  if (option.get_positional()) return italic(option.get_name(true));
  const std::vector<std::string> names = absl::StrSplit(option.get_name(false, true), ',');
  std::string roff =
      absl::StrJoin(names, ", ", [](std::string* out, const std::string& name) { out->append(bold(name)); });
  const std::string value = value_roff(option);
  return value.empty() ? roff : absl::StrCat(roff, " ", value);
}

std::string positional_roff(const CLI::Option& option) {
  std::string roff = italic(option.get_name(true));
  if (!option.get_required()) roff = absl::StrCat("[", roff, "]");
  if (takes_many(option)) roff += "...";
  return roff;
}

std::string explanation(const CLI::Option& option) {
  std::vector<std::string> sentences{option.get_description()};
  if (!sentences.front().empty()) {
    sentences.front().front() = absl::ascii_toupper(static_cast<unsigned char>(sentences.front().front()));
    if (!absl::ascii_ispunct(static_cast<unsigned char>(sentences.front().back()))) sentences.front() += '.';
  }
  if (const std::string bound = bound_sentence(type_of(option).bound); !bound.empty())
    sentences.push_back(bound);
  const std::string otherwise = option.get_default_str();
  if (!otherwise.empty() && otherwise != "[]") sentences.push_back(absl::StrCat("Default: ", otherwise, "."));
  if (option.get_required() && option.nonpositional()) sentences.emplace_back("It must be given.");
  if (!option.get_needs().empty())
    sentences.push_back(absl::StrCat("Goes with ", names_of(option.get_needs()), "."));
  if (!option.get_excludes().empty())
    sentences.push_back(absl::StrCat("Not together with ", names_of(option.get_excludes()), "."));
  if (!option.get_envname().empty())
    sentences.push_back(absl::StrCat("Environment: ", option.get_envname(), "."));
  return absl::StrJoin(sentences, " ");
}

}  // namespace melsweep::manual
