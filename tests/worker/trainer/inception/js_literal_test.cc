#include "worker/trainer/inception/js_literal.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::inception {
namespace {

using Json = nlohmann::json;

TEST(JsLiteral, ReadsWhatMinifiersWrite) {
  const absl::StatusOr<Json> value = parse_js_literal(
      R"(x={a:1,"b c":[-.5,1e-3,2.5,],'d':'it\'s',_e$1:!0,f:!1,g:null,h:void 0,i:{}, j : [ ] ,k:true})", 2);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(*value,
            Json::parse(R"({"a":1,"b c":[-0.5,0.001,2.5],"d":"it's","_e$1":true,"f":false,"g":null,"h":null,
                                    "i":{},"j":[],"k":true})"));
}

TEST(JsLiteral, RefusesWhatIsNoLiteral) {
  for (const char* text : {"", "{", "{a:f(1)}", "{a:1 b:2}", "{a:1;}", "[1,2", "{a:'x}", "{a:`x`}", "{:1}",
                           "{a 1}", "x", "nullx", "1px", "'\\q'", "{a:"}) {
    EXPECT_FALSE(parse_js_literal(text, 0).ok()) << text;
  }
  EXPECT_FALSE(parse_js_literal("1", 5).ok());
}

TEST(JsLiteral, RefusesDeepNesting) {
  EXPECT_TRUE(parse_js_literal(std::string(60, '[') + std::string(60, ']'), 0).ok());
  EXPECT_FALSE(parse_js_literal(std::string(100000, '['), 0).ok());
}

TEST(JsLiteral, FindsTheObjectOfAModule) {
  const char* module = R"(!function(){var a={b:1};n.exports={modelTopology:{x:[1]},weightsManifest:[]}}();)";
  const absl::StatusOr<Json> found = find_js_object(module, "modelTopology");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, Json::parse(R"({"modelTopology":{"x":[1]},"weightsManifest":[]})"));
  EXPECT_TRUE(find_js_object(R"(x={"modelTopology":1})", "modelTopology").ok());
  EXPECT_FALSE(find_js_object("n.exports={}", "modelTopology").ok());
}

TEST(JsLiteral, FindsTheLongestBase64) {
  EXPECT_EQ(find_base64(R"(require("abc");n.exports="aGVsbG8gd29ybGQ=",'eA==')").value(), "hello world");
  EXPECT_EQ(find_base64("n.exports='aGVsbG8gd29ybGQ=';").value(), "hello world");
  EXPECT_FALSE(find_base64("n.exports=[1,2]").ok());
  EXPECT_FALSE(find_base64("x=\"aGVsbG8").ok());
  EXPECT_FALSE(find_base64("").ok());
}

}  // namespace
}  // namespace melsweep::inception
