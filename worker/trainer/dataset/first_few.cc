#include "worker/trainer/dataset/first_few.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace melsweep::dataset {

std::string first_few(std::size_t count, const std::function<std::string(std::size_t)>& word,
                      const std::string& separator) {
  std::string text;
  for (std::size_t i = 0; i < std::min(count, kNamedInSentences); ++i) {
    if (i > 0) text += separator;
    text += word(i);
  }
  if (count > kNamedInSentences)
    absl::StrAppend(&text, separator, "and ", count - kNamedInSentences, " more");
  return text;
}

}  // namespace melsweep::dataset
