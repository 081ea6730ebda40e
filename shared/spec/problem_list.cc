#include "shared/spec/problem_list.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace melsweep::spec {
namespace {

constexpr std::size_t kMaxProblems = 1000;
constexpr std::size_t kMaxWord = 64;

bool one_begins_the_other(const Path& a, const Path& b) {
  const std::size_t shared = std::min(a.size(), b.size());
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(shared), b.begin());
}

// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string Problem::to_string() const {
  std::string text = file;
  if (line > 0) absl::StrAppend(&text, ":", line, ":", column);
  absl::StrAppend(&text, text.empty() ? "" : ": ", message);
  if (!hint.empty()) absl::StrAppend(&text, " (", hint, ")");
  return text;
}

ProblemList::ProblemList(std::vector<std::string> sources) : sources_(std::move(sources)) {}

void ProblemList::add(const Path& path, Place place, std::string message, std::string hint) {
  if (entries_.size() >= kMaxProblems) return;
  entries_.push_back({path, place, std::move(message), std::move(hint)});
}

void ProblemList::append(const ProblemList& other) {
  for (const Entry& entry : other.entries_) add(entry.path, entry.place, entry.message, entry.hint);
}

bool ProblemList::touches(const Path& path) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return one_begins_the_other(entry.path, path); });
}

bool ProblemList::has(const Path& path) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.path == path; });
}

std::vector<Problem> ProblemList::sorted() const {
  std::vector<Entry> ordered = entries_;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Entry& a, const Entry& b) { return a.place < b.place; });
  std::vector<Problem> problems;
  problems.reserve(ordered.size());
  std::set<std::pair<Place, std::string>> shown;
  for (const Entry& entry : ordered) {
    if (!shown.emplace(entry.place, entry.message).second) continue;
    const bool in_file = entry.place.source == 0;
    problems.push_back({.file = sources_.at(static_cast<std::size_t>(entry.place.source)),
                        .line = in_file ? entry.place.line : 0,
                        .column = in_file ? entry.place.column : 0,
                        .message = entry.message,
                        .hint = entry.hint});
  }
  return problems;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& choices) {
  if (word.size() > kMaxWord) return "";
  const std::string lower = absl::AsciiStrToLower(std::string(word));
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& choice : choices) {
    const std::size_t distance = edit_distance(lower, choice);
    if (distance < least) {
      least = distance;
      nearest = &choice;
    }
  }
  return nearest == nullptr ? "" : absl::StrCat("did you mean '", *nearest, "'?");
}

}  // namespace melsweep::spec
