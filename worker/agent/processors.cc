#include "worker/agent/processors.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace melsweep::agent {
namespace {

bool parse_number(const std::string& text, int& number) {
  const bool is_plain = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return is_plain && absl::SimpleAtoi(text, &number) && number < CPU_SETSIZE;
}

}  // namespace

absl::StatusOr<std::vector<int>> parse_processor_list(std::string_view text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      absl::StrCat("must be a list of processors such as 0-3,8, each below ", CPU_SETSIZE));
  std::vector<int> processors;
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), ',');
  for (const std::string& part : parts) {
    const std::pair<std::string, std::string> ends = absl::StrSplit(part, absl::MaxSplits('-', 1));
    int first = 0;
    int last = 0;
    if (!parse_number(ends.first, first)) return wrong;
    if (part.find('-') == std::string::npos) {
      last = first;
    } else if (!parse_number(ends.second, last) || last < first) {
      return wrong;
    }
    for (int processor = first; processor <= last; ++processor) processors.push_back(processor);
  }
  std::sort(processors.begin(), processors.end());
  processors.erase(std::unique(processors.begin(), processors.end()), processors.end());
  return processors;
}

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 0;
}

absl::Status use_processors(const std::vector<int>& processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int processor : processors) CPU_SET(processor, &set);
  if (::sched_setaffinity(0, sizeof(set), &set) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("this process can use none of these processors: ", std::strerror(errno)));
}

}  // namespace melsweep::agent
