#include "worker/trainer/rendering/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/worker/trainer/rendering/rendering_fixture.h"
#include "worker/trainer/rendering/render_cache.h"

namespace melsweep::rendering {
namespace {

using audio::read_bytes;
using audio::TestFolder;
using nlohmann::json;
using testing::HasSubstr;

class RenderTest : public testing::Test {
 protected:
  // One of each kind, of one clip.
  std::vector<RenderItem> three_items() const {
    const auto tone = write_tone(folder_.path() / "tone.wav", 1000.0);
    std::vector<RenderItem> items = {item_of(RenderKind::kSpectrogram, tone),
                                     item_of(RenderKind::kWaveform, tone), item_of(RenderKind::kSound, tone)};
    for (std::size_t i = 0; i < items.size(); ++i) items[i].id = "i-" + std::to_string(i);
    return items;
  }

  json list() const {
    const json list = json::parse(read_bytes(out_ / kRenderedFile), nullptr, false);
    EXPECT_TRUE(list.is_object());
    EXPECT_EQ(list["version"], 1);
    return list["items"];
  }

  TestFolder folder_{"melsweep-render-test"};
  std::filesystem::path out_ = folder_.path() / "out";
  std::filesystem::path cache_ = folder_.path() / "cache";
};

TEST_F(RenderTest, WritesFilesAndTheListOfThem) {
  const std::vector<RenderItem> items = three_items();
  std::size_t last = 0;
  ASSERT_TRUE(render(items, {.out = out_,
                             .progress =
                                 [&](std::size_t done, std::size_t total) {
                                   EXPECT_EQ(done, ++last);
                                   EXPECT_EQ(total, 3U);
                                 }})
                  .ok());
  EXPECT_EQ(last, 3U);
  const json made = list();
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0]["id"], "i-0");
  EXPECT_EQ(made[0]["file"], "i-0.png");
  EXPECT_TRUE(read_bytes(out_ / "i-0.png").starts_with("\x89PNG"));
  EXPECT_EQ(made[1]["kind"], "waveform");
  EXPECT_FALSE(made[1].contains("file"));
  EXPECT_EQ(made[2]["file"], "i-2.ogg");
  EXPECT_EQ(made[2]["bytes"], read_bytes(out_ / "i-2.ogg").size());
  EXPECT_EQ(made[2]["sha256"], files::sha256(read_bytes(items[0].path)));
}

TEST_F(RenderTest, GivesTheSameOnAnyNumberOfThreads) {
  std::vector<RenderItem> items;
  for (int i = 0; i < 12; ++i) {
    RenderItem item =
        item_of(i % 2 == 0 ? RenderKind::kSpectrogram : RenderKind::kSound,
                write_tone(folder_.path() / (std::to_string(i) + ".wav"), 100.0 * (i + 1), 0.3));
    item.id = "i-" + std::to_string(i);
    items.push_back(item);
  }
  ASSERT_TRUE(render(items, {.out = folder_.path() / "one", .threads = 1}).ok());
  ASSERT_TRUE(render(items, {.out = folder_.path() / "four", .threads = 4}).ok());
  for (const RenderItem& item : items) {
    EXPECT_EQ(read_bytes(folder_.path() / "one" / file_name(item)),
              read_bytes(folder_.path() / "four" / file_name(item)));
  }
  EXPECT_EQ(read_bytes(folder_.path() / "one" / kRenderedFile),
            read_bytes(folder_.path() / "four" / kRenderedFile));
}

TEST_F(RenderTest, OneBadClipDoesNotHinderTheOthers) {
  std::vector<RenderItem> items = three_items();
  items[0].path = folder_.path() / "missing.wav";
  items[1].sha256 = std::string(64, '0');
  items[1].clip = items[2].clip = "the tone";
  std::vector<std::string> told;
  ASSERT_TRUE(render(items, {.out = out_,
                             .failed = [&](const absl::Status& why) { told.emplace_back(why.message()); }})
                  .ok());
  EXPECT_EQ(told.size(), 2U);
  const json made = list();
  EXPECT_THAT(made[0]["error"].get<std::string>(), HasSubstr("missing.wav does not exist"));
  EXPECT_EQ(made[0].size(), 2U);
  EXPECT_EQ(made[1]["clip"], "the tone");
  EXPECT_THAT(made[1]["error"].get<std::string>(), HasSubstr("tone.wav has changed: its SHA-256 is "));
  EXPECT_FALSE(made[2].contains("error"));
  EXPECT_EQ(made[2]["clip"], "the tone");
  EXPECT_FALSE(std::filesystem::exists(out_ / "i-0.png"));
}

TEST_F(RenderTest, TakesAClipThatIsTheOneAskedFor) {
  std::vector<RenderItem> items = three_items();
  items[0].sha256 = files::sha256(read_bytes(items[0].path));
  ASSERT_TRUE(render(items, {.out = out_}).ok());
  EXPECT_FALSE(list()[0].contains("error"));
}

TEST_F(RenderTest, TakesFromTheCacheWhatItHolds) {
  const std::vector<RenderItem> items = three_items();
  ASSERT_TRUE(render(items, {.out = out_, .cache = cache_}).ok());
  const std::string picture = read_bytes(out_ / "i-0.png");
  const std::string list_before = read_bytes(out_ / kRenderedFile);
  // What is taken from there is not made: the entries are put under a mark that shows.
  int entries = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(cache_)) {
    entries += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(entries, 3);
  const RenderCache cache(cache_);
  const std::string digest = files::sha256(read_bytes(items[0].path));
  std::optional<Rendering> marked = cache.find(items[0], digest);
  ASSERT_TRUE(marked);
  EXPECT_EQ(marked->bytes, picture);
  marked->bytes = "another picture";
  ASSERT_TRUE(cache.put(items[0], digest, *marked).ok());
  ASSERT_TRUE(render(items, {.out = out_, .cache = cache_}).ok());
  EXPECT_EQ(read_bytes(out_ / "i-0.png"), "another picture");
  EXPECT_EQ(read_bytes(out_ / kRenderedFile), list_before);
}

TEST_F(RenderTest, GoesOnWithoutACacheThatCannotBeWritten) {
  audio::write_bytes(cache_, "a file where the folder should be");
  std::vector<std::string> told;
  ASSERT_TRUE(
      render(three_items(), {.out = out_,
                             .cache = cache_,
                             .failed = [&](const absl::Status& why) { told.emplace_back(why.message()); }})
          .ok());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr(cache_.string()));
  EXPECT_FALSE(list()[0].contains("error"));
}

TEST_F(RenderTest, LeavesNoListWhereItIsInterrupted) {
  const std::vector<RenderItem> items = three_items();
  ASSERT_TRUE(render(items, {.out = out_}).ok());
  std::size_t made = 0;
  const absl::Status status = render(items, {.out = out_,
                                             .threads = 1,
                                             .progress = [&](std::size_t done, std::size_t) { made = done; },
                                             .is_interrupted = [&] { return made == 1; }});
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_FALSE(std::filesystem::exists(out_ / kRenderedFile));
  ASSERT_TRUE(render(items, {.out = out_}).ok());
  EXPECT_EQ(list().size(), 3U);
}

TEST_F(RenderTest, SaysWhereItCannotWrite) {
  audio::write_bytes(out_, "a file where the folder should be");
  const absl::Status status = render(three_items(), {.out = out_});
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(out_.string()));
}

TEST_F(RenderTest, OfNothingIsAnEmptyList) {
  ASSERT_TRUE(render({}, {.out = out_}).ok());
  EXPECT_TRUE(list().empty());
}

}  // namespace
}  // namespace melsweep::rendering
