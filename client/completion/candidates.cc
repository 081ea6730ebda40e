#include "client/completion/candidates.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace melsweep::completion {
namespace {

// Where the words before the last lead to.
struct Place {
  const CLI::App* verb = nullptr;
  const CLI::Option* option = nullptr;  // whose value comes next; none: something else does
  int values = 0;                       // of the option, to come
  std::size_t positionals = 0;          // given so far
};

// How many values follow the option's name. One that takes any number is named again for each.
int values_of(const CLI::Option& option) {
  const int most = option.get_items_expected_max();
  return most == option.get_items_expected_min() ? most : std::min(most, 1);
}

const CLI::Option* option_named(const CLI::App& verb, const std::string& word) {
  for (const CLI::Option* option : verb.get_options()) {
    if (option->nonpositional() && option->check_name(word)) return option;
  }
  return nullptr;
}

const CLI::App* verb_named(const CLI::App& verb, const std::string& word) {
  const auto found = verb.get_subcommands([&](const CLI::App* below) { return below->get_name() == word; });
  return found.empty() ? nullptr : found.front();
}

Place place_of(const CLI::App& app, std::span<const std::string> words) {
  Place place{.verb = &app};
  for (const std::string& word : words) {
    if (place.option != nullptr) {
      if (--place.values == 0) place.option = nullptr;
    } else if (word.starts_with("-")) {
      const CLI::Option* option = option_named(*place.verb, word);
      if (option == nullptr || values_of(*option) == 0) continue;
      place.option = option;
      place.values = values_of(*option);
    } else if (const CLI::App* below = verb_named(*place.verb, word)) {
      place.verb = below;
    } else {
      ++place.positionals;
    }
  }
  return place;
}

// The values of an option that takes one of a few: CLI11 shows them as its type, "TEXT:{table,json,csv}".
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find(":{");
  const std::size_t end = type.find('}', begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return absl::StrSplit(type.substr(begin + 2, end - begin - 2), ',');
}

// One of several names for the same: the longest says most.
std::string name_of(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return absl::StrCat("--", option.get_lnames().front());
  return absl::StrCat("-", option.get_snames().front());
}

class Offer {
 public:
  explicit Offer(std::string_view typed) : typed_(typed) {}

  void add(const Candidate& candidate) {
    if (candidate.text.starts_with(typed_)) offered_.words.push_back(candidate);
  }
  void add_choices(const CLI::Option& option) {
    const std::vector<std::string> choices = choices_of(option);
    for (const std::string& choice : choices) add({choice, ""});
    offered_.files = choices.empty();
  }
  void add_options(const CLI::App& verb) {
    for (const CLI::Option* option : verb.get_options()) {
      if (option->nonpositional() && !option->get_group().empty())
        add({name_of(*option), option->get_description()});
    }
  }
  void add_verbs(const CLI::App& verb) {
    for (const CLI::App* below :
         verb.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
      add({below->get_name(), below->get_description()});
    }
  }
  void offer_files() { offered_.files = true; }
  Candidates take() { return std::move(offered_); }

 private:
  std::string_view typed_;
  Candidates offered_;
};

// The positional that comes next; the last one where it takes several.
const CLI::Option* next_positional(const Place& place) {
  const CLI::Option* last = nullptr;
  std::size_t number = 0;
  for (const CLI::Option* option : place.verb->get_options()) {
    if (!option->get_positional()) continue;
    last = option;
    if (number++ == place.positionals) return option;
  }
  return last != nullptr && last->get_items_expected_max() > 1 ? last : nullptr;
}

}  // namespace

Candidates candidates_for(const CLI::App& app, std::span<const std::string> words,
                          const SweepLister& sweeps) {
  if (words.empty()) return {};
  const Place place = place_of(app, words.first(words.size() - 1));
  const std::string& typed = words.back();
  Offer offer(typed);
  if (place.option != nullptr && place.option->get_type_name().starts_with("SWEEP")) {
    for (const Candidate& sweep : sweeps(words)) offer.add(sweep);
  } else if (place.option != nullptr) {
    offer.add_choices(*place.option);
  } else if (typed.starts_with("-")) {
    offer.add_options(*place.verb);
  } else if (!place.verb->get_subcommands([](const CLI::App*) { return true; }).empty()) {
    offer.add_verbs(*place.verb);
  } else if (const CLI::Option* positional = next_positional(place)) {
    if (positional->get_name(true) == "SWEEP") {
      for (const Candidate& sweep : sweeps(words)) offer.add(sweep);
    } else {
      offer.add_choices(*positional);
    }
  }
  return offer.take();
}

}  // namespace melsweep::completion
