#include "shared/spec/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

nlohmann::json read(std::string_view text) {
  ProblemList problems({"f"});
  const std::optional<Node> root = read_yaml(text, 0, problems);
  EXPECT_TRUE(problems.empty()) << problems_of(problems.sorted());
  return root ? to_json(*root) : nlohmann::json();
}

TEST(YamlReader, ReadsScalarsAsTheCoreSchemaDoes) {
  EXPECT_EQ(
      read(
          "[~, null, true, False, 12, -3, +4, 0x1F, 0o17, 1e-3, .5, 2., yes, 1_000, '5', \"true\", !!str 7]"),
      nlohmann::json({nullptr, nullptr, true, false, 12, -3, 4, 31, 15, 1e-3, 0.5, 2.0, "yes", "1_000", "5",
                      "true", "7"}));
}

TEST(YamlReader, FollowsAliases) {
  EXPECT_EQ(read("a: &x [1, 2]\nb: *x\n"), (nlohmann::json{{"a", {1, 2}}, {"b", {1, 2}}}));
}

TEST(YamlReader, RefusesBrokenSyntaxAtItsPlace) {
  EXPECT_THAT(problems_in("version: 1\nname: [\n"), HasSubstr("this is no valid sweep YAML"));
  EXPECT_THAT(problems_in("a: b: c\n"), StartsWith("f:1:5: this is no valid sweep YAML"));
}

TEST(YamlReader, RefusesKeysGivenTwice) {
  EXPECT_EQ(problems_in(with("seeds: 1\nseeds: 2\n")),
            "f:9:1: the key 'seeds' is given twice (keep one of the two)\n");
}

TEST(YamlReader, RefusesASecondDocument) {
  EXPECT_THAT(problems_in(with("---\nversion: 1\n")), HasSubstr("a second document"));
}

TEST(YamlReader, RefusesNothing) {
  for (const char* text : {"", "# only a comment\n", "---\n", "~"}) {
    EXPECT_THAT(problems_in(text), StartsWith("f:1:1: there is nothing in it")) << text;
  }
}

TEST(YamlReader, RefusesBytesThatAreNoUtf8) {
  for (const std::string bytes :
       {"\x80", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF\xFE"}) {
    EXPECT_THAT(problems_in(absl::StrCat("name: x\nb: ", bytes)), StartsWith("f:2:4: this byte is no UTF-8"));
  }
}

TEST(YamlReader, RefusesControlCharacters) {
  EXPECT_THAT(problems_in(std::string_view("a: \0", 4)), StartsWith("f:1:4: control character 0"));
}

TEST(YamlReader, RefusesAliasBombs) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    absl::StrAppend(&bomb, "a", i, ": &a", i, " [");
    for (int j = 0; j < 10; ++j) absl::StrAppend(&bomb, "*a", i - 1, ", ");
    bomb += "x]\n";
  }
  EXPECT_THAT(problems_in(bomb), HasSubstr("more than 100000 values"));
}

TEST(YamlReader, RefusesAnAliasOfItself) {
  EXPECT_THAT(problems_in("a: &x [*x]\n"), HasSubstr("an alias inside of what it stands for"));
}

TEST(YamlReader, RefusesTooManyAliases) {
  std::string text = "a: &x 1\nb: [";
  for (int i = 0; i < 1001; ++i) text += "*x ,";
  EXPECT_THAT(problems_in(text + "1]\n"), HasSubstr("more than 1000 aliases"));
}

TEST(YamlReader, RefusesDeepNesting) {
  for (const std::size_t depth : {33U, 5000U, 100000U}) {
    EXPECT_THAT(problems_in(std::string(depth, '[')), HasSubstr("more than 32 levels")) << depth;
  }
}

TEST(YamlReader, RefusesLongLists) {
  std::string text = "[1";
  for (int i = 0; i < 100'000; ++i) text += ",1";
  EXPECT_THAT(problems_in(text + "]"), HasSubstr("more than 100000 values"));
}

TEST(YamlReader, RefusesLargeTexts) {
  EXPECT_THAT(problems_in(std::string(kMaxBytes + 1, ' ')), StartsWith("f: larger than 1048576 bytes"));
}

TEST(YamlReader, RefusesTagsAndMergeKeys) {
  EXPECT_THAT(problems_in("a: !!python/object:os.system x\n"), HasSubstr("has no meaning here"));
  EXPECT_THAT(problems_in(with("<<: {seeds: 1}\n")),
              StartsWith("f:8:1: merge keys are not part of YAML 1.2"));
}

TEST(YamlReader, RefusesKeysThatAreNoWords) {
  EXPECT_THAT(problems_in("? [1, 2]\n: 3\n"), HasSubstr("a key must be a word"));
}

}  // namespace
}  // namespace melsweep::spec
