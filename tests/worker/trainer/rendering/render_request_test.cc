#include "worker/trainer/rendering/render_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "shared/spec/settings_json.h"

namespace melsweep::rendering {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json item() {
  return {{"id", "s-1"},
          {"kind", "spectrogram"},
          {"path", "/a.wav"},
          {"features", spec::to_json(FeatureSettings{})}};
}

json request(const json& items) {
  return {{"version", 1}, {"items", items}};
}

std::string refusal(const json& asked) {
  const auto items = parse_render_request(asked.dump());
  EXPECT_TRUE(absl::IsInvalidArgument(items.status())) << items.status();
  return std::string(items.status().message());
}

// Of an item with one field that is another.
std::string refusal_of(const char* field, const json& value) {
  json wrong = item();
  wrong[field] = value;
  return refusal(request({item(), wrong}));
}

TEST(RenderRequest, TakesThePagesExample) {
  std::ifstream file("docs/render.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t begin = page.find("```json\n") + 8;
  const auto items = parse_render_request(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_EQ(items->size(), 3U);
  EXPECT_EQ((*items)[0].kind, RenderKind::kSpectrogram);
  EXPECT_EQ((*items)[0].features, FeatureSettings{});
  EXPECT_EQ((*items)[1].kind, RenderKind::kWaveform);
  EXPECT_EQ((*items)[2].kind, RenderKind::kSound);
  EXPECT_EQ((*items)[2].sha256.size(), 64U);
}

TEST(RenderRequest, HasDefaults) {
  const auto items =
      parse_render_request(request({{{"id", "a"}, {"kind", "sound"}, {"path", "/b.ogg"}}}).dump());
  ASSERT_TRUE(items.ok()) << items.status();
  const RenderItem& read = items->front();
  EXPECT_EQ(read.path, "/b.ogg");
  EXPECT_EQ(read.channel, Channel::kAverage);
  EXPECT_EQ(read.format, audio::SoundCoding::kOpus);
  EXPECT_EQ(read.size.width, 640);
  EXPECT_EQ(read.size.height, 256);
  EXPECT_EQ(read.sha256, "");
}

TEST(RenderRequest, ReadsEveryField) {
  FeatureSettings features;
  features.n_mels = 64;
  const json all = {{"id", "A_1"},
                    {"kind", "sound"},
                    {"path", "/c.wav"},
                    {"channel", "left"},
                    {"width", 1},
                    {"features", spec::to_json(features)},
                    {"height", 4096},
                    {"format", "flac"},
                    {"sha256", std::string(64, 'a')},
                    {"clip", "audio/1.ogg"},
                    {"comment", "what is not known is passed over"}};
  const auto items = parse_render_request(request(json::array({all})).dump());
  ASSERT_TRUE(items.ok()) << items.status();
  const RenderItem& read = items->front();
  EXPECT_EQ(read.id, "A_1");
  EXPECT_EQ(read.channel, Channel::kLeft);
  EXPECT_EQ(read.features, features);
  EXPECT_EQ(read.size.width, 1);
  EXPECT_EQ(read.size.height, 4096);
  EXPECT_EQ(read.format, audio::SoundCoding::kFlac);
  EXPECT_EQ(read.sha256, std::string(64, 'a'));
  EXPECT_EQ(read.clip, "audio/1.ogg");
}

TEST(RenderRequest, SaysWhichItemIsWrongAndWhatWouldBeRight) {
  EXPECT_THAT(refusal_of("kind", "png"),
              HasSubstr("items[1].kind must be one of waveform, spectrogram, sound"));
  EXPECT_THAT(refusal_of("path", "a.wav"), HasSubstr("items[1].path must be absolute"));
  EXPECT_THAT(refusal_of("width", 0), HasSubstr("items[1].width must be 1 to 4096"));
  EXPECT_THAT(refusal_of("height", 5000), HasSubstr("items[1].height must be 1 to 4096"));
  EXPECT_THAT(refusal_of("channel", "middle"),
              HasSubstr("items[1].channel must be one of average, left, right"));
  EXPECT_THAT(refusal_of("sha256", "abc"), HasSubstr("items[1].sha256 must be 64 hexadecimal digits"));
  EXPECT_THAT(refusal_of("features", {{"n_fft", 2}}), HasSubstr("items[1].features cannot be used: "));
  EXPECT_THAT(refusal_of("id", "s-1"), HasSubstr("items[1].id 's-1' is there twice"));
}

TEST(RenderRequest, RefusesIdsThatAreNoFileNames) {
  for (const char* id : {"", ".", "..", "a/b", "../a", "a b", "a.png", "caf\xC3\xA9"}) {
    EXPECT_THAT(refusal_of("id", id), HasSubstr("items[1].id must be")) << id;
  }
  EXPECT_THAT(refusal_of("id", std::string(101, 'a')), HasSubstr("items[1].id must be"));
}

TEST(RenderRequest, SaysWhatIsMissing) {
  for (const char* field : {"id", "kind", "path", "features"}) {
    json wrong = item();
    wrong.erase(field);
    EXPECT_THAT(refusal(request(json::array({wrong}))),
                HasSubstr(std::string("items[0].") + field + " is missing"));
  }
}

TEST(RenderRequest, RefusesWhatIsNone) {
  EXPECT_TRUE(absl::IsInvalidArgument(parse_render_request("").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(parse_render_request("{\"version\": 1,").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(parse_render_request(std::string(100000, '[')).status()));
  EXPECT_THAT(refusal(json::array()), HasSubstr("is no JSON object"));
  EXPECT_THAT(refusal({{"version", 2}, {"items", json::array()}}), HasSubstr("must have \"version\": 1"));
  EXPECT_THAT(refusal({{"version", 1}}), HasSubstr("must have a list of items"));
  EXPECT_THAT(refusal(request(json::array({1}))), HasSubstr("items[0] is no object"));
}

}  // namespace
}  // namespace melsweep::rendering
