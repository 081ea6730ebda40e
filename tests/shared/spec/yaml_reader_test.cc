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
  EXPECT_TRUE(problems.empty()) << lines_of(problems.sorted());
  return root ? to_json(*root) : nlohmann::json();
}

TEST(YamlReader, ReadsScalarsAsTheCoreSchemaDoes) {
  EXPECT_EQ(read("[~, null, true, False, 12, -3, +4, 0x1F, 0o17, 1e-3, .5, 2., yes, 1_000, '5', \"true\"]"),
            nlohmann::json({nullptr, nullptr, true, false, 12, -3, 4, 31, 15, 1e-3, 0.5, 2.0, "yes", "1_000",
                            "5", "true"}));
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
  EXPECT_THAT(problems_in("é: \xC2\x9B"), StartsWith("f:1:4: control character 155"));
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
  for (const std::string value : {"!!python/object:os.system x", "!!int 5", "!!str 5", "! 5", "!!null ~",
                                  "!!str", "&x !!seq [1]", "! {a: 1}", "!!map\n  b: 1"}) {
    EXPECT_THAT(problems_in("seeds: " + value + "\n"),
                StartsWith("f:1:8: this is no valid sweep YAML: the tag !"))
        << value;
  }
  EXPECT_THAT(problems_in(with("<<: {seeds: 1}\n")),
              StartsWith("f:8:1: merge keys are not part of YAML 1.2"));
}

Place place_in(std::string_view text, const Path& path) {
  ProblemList problems({"f"});
  const std::optional<Node> root = read_yaml(text, 0, problems);
  EXPECT_TRUE(root.has_value()) << lines_of(problems.sorted());
  return root ? place_of(*root, path) : Place{};
}

TEST(YamlReader, PlacesAnEmptyValueBehindItsKey) {
  EXPECT_EQ(place_in("a:\nb: 1\n", {"a"}), (Place{0, 1, 3}));
  EXPECT_EQ(place_in("a:\nnull: 1\n", {"a"}), (Place{0, 1, 3}));
  EXPECT_EQ(place_in("x:\n  a: # c\n\nb: 1\n", {"x", "a"}), (Place{0, 2, 5}));
  EXPECT_EQ(place_in("{a: , b: 1}", {"a"}), (Place{0, 1, 4}));
  EXPECT_EQ(place_in("a:", {"a"}), (Place{0, 1, 3}));
  EXPECT_EQ(place_in("'a:b':\n&x c: 1\n", {"a:b"}), (Place{0, 1, 7}));
}

TEST(YamlReader, PlacesAWrittenNullWhereItStands) {
  EXPECT_EQ(place_in("a: ~\n", {"a"}), (Place{0, 1, 4}));
  EXPECT_EQ(place_in("a:\n  null\n", {"a"}), (Place{0, 2, 3}));
  EXPECT_EQ(place_in("{a: null}", {"a"}), (Place{0, 1, 5}));
  EXPECT_EQ(place_in("- 1\n- ~\n", {"1"}), (Place{0, 2, 3}));
}

TEST(YamlReader, PlacesAnEmptyItemAtItsDash) {
  EXPECT_EQ(place_in("a:\n  - 1\n  - # none - yet\n  - 2\n", {"a", "1"}), (Place{0, 3, 3}));
  EXPECT_EQ(place_in("a:\n-\nnext: 1\n", {"a", "0"}), (Place{0, 2, 1}));
  EXPECT_EQ(place_in("- - \n  - 1\n", {"0", "0"}), (Place{0, 1, 3}));
}

TEST(YamlReader, CountsColumnsInCharacters) {
  EXPECT_EQ(place_in("{é: 'üß', b: 1}", {"b"}), (Place{0, 1, 14}));
  EXPECT_EQ(place_in("\xEF\xBB\xBF{a: 1}", {"a"}), (Place{0, 1, 5}));
  EXPECT_THAT(problems_in("é: \xFF"), StartsWith("f:1:4: this byte is no UTF-8"));
  EXPECT_THAT(problems_in("é: b: c\n"), StartsWith("f:1:5: this is no valid sweep YAML"));
}

TEST(YamlReader, RefusesAQuoteThatNothingCloses) {
  for (const std::string value : {"'foo", "'foo\n", "\"foo\n", "\"foo\\\"\nseeds: 1\n", "'it''s\n"}) {
    EXPECT_EQ(problems_in("name: " + value), "f:1:7: this is no valid sweep YAML: this quote is not closed\n")
        << value;
  }
  EXPECT_EQ(problems_in("a: [1, &x 'y\n"), "f:1:11: this is no valid sweep YAML: this quote is not closed\n");
  EXPECT_EQ(problems_in("a: 1\n'b: 2\n"), "f:2:1: this is no valid sweep YAML: this quote is not closed\n");
}

TEST(YamlReader, NamesATabInTheIndentation) {
  EXPECT_EQ(problems_in("a:\n\tb: 1\n"), "f:2:1: a tab in the indentation; use spaces\n");
  EXPECT_EQ(problems_in("a:\n  b: 1\n  \tc: 1\n"), "f:3:3: a tab in the indentation; use spaces\n");
  EXPECT_EQ(problems_in("a:\n\t- b\n"), "f:2:1: a tab in the indentation; use spaces\n");
  EXPECT_EQ(read("a: {b: 1,\n\tc:\t2}\n"), (nlohmann::json{{"a", {{"b", 1}, {"c", 2}}}}));
}

TEST(YamlReader, RefusesKeysThatAreNoWords) {
  EXPECT_THAT(problems_in("? [1, 2]\n: 3\n"), HasSubstr("a key must be a word"));
}

}  // namespace
}  // namespace melsweep::spec
