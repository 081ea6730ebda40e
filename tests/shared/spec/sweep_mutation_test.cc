// parse_study on the ready sweeps with random bytes changed: whatever comes, it answers.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

constexpr int kTextsOfACase = 10;

std::vector<std::string> ready_sweeps() {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator("sweeps")) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path());
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return texts;
}

// Characters that mean something to YAML come as often as all others together.
std::string any_bytes() {
  static const std::string indicators = "'\"\\&*!|>%@`#:-?[]{},~\t\n\r <=\xC3\xA9";
  const auto byte = rc::gen::oneOf(rc::gen::elementOf(indicators), rc::gen::arbitrary<char>());
  return *rc::gen::resize(4, rc::gen::container<std::string>(byte));
}

void mutate(std::string& text) {
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, text.size());
  switch (*rc::gen::inRange(0, 4)) {
    case 0:  // replaced
      text.replace(at, *rc::gen::inRange<std::size_t>(0, 8), any_bytes());
      break;
    case 1:  // inserted
      text.insert(at, any_bytes());
      break;
    case 2:  // written twice
      text.insert(at, text.substr(*rc::gen::inRange<std::size_t>(0, text.size()), 40));
      break;
    default:  // cut off
      text.resize(std::max<std::size_t>(at, 1));
  }
}

// The problems' places lie in the text, in order, and each says something.
void check_problems(const std::vector<Problem>& problems, const std::string& text) {
  RC_ASSERT(!problems.empty());
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const Problem& problem : problems) {
    RC_ASSERT(!problem.message.empty());
    RC_ASSERT(problem.line >= 1 && problem.line <= lines && problem.column >= 1);
  }
}

void check_answer(const std::string& text) {
  const StudyResult parsed = parse_study(text, "f");
  if (const auto* problems = std::get_if<std::vector<Problem>>(&parsed))
    return check_problems(*problems, text);
  const auto& study = std::get<Study>(parsed);
  const StudyResult again = parse_study(to_yaml(study), "written");
  RC_ASSERT(std::holds_alternative<Study>(again));
  RC_ASSERT(std::get<Study>(again) == study);
}

TEST(MutatedSweeps, AreTakenOrRefusedAtAPlaceOfTheirText) {
  const std::vector<std::string> sweeps = ready_sweeps();
  ASSERT_FALSE(sweeps.empty());
  const bool holds = rc::check([&] {
    for (int i = 0; i < kTextsOfACase; ++i) {
      std::string text = *rc::gen::elementOf(sweeps);
      const int mutations = *rc::gen::inRange(1, 6);
      for (int j = 0; j < mutations; ++j) mutate(text);
      RC_LOG() << text << "\n";
      check_answer(text);
    }
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace melsweep::spec
