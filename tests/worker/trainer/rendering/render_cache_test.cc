#include "worker/trainer/rendering/render_cache.h"

#include <gtest/gtest.h>

#include "tests/worker/trainer/rendering/rendering_fixture.h"

namespace melsweep::rendering {
namespace {

using audio::TestFolder;

Rendering some_rendering() {
  return {.record = {{"kind", "spectrogram"}, {"duration_s", 2.5}}, .bytes = std::string("\x89PNG\n\0\n", 7)};
}

// The one file in the folder.
std::filesystem::path only_entry(const std::filesystem::path& folder) {
  std::filesystem::path found;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    found = entry.path();
    ++files;
  }
  EXPECT_EQ(files, 1);
  return found;
}

TEST(RenderCache, GivesBackWhatWasPut) {
  const TestFolder folder("melsweep-render-cache");
  const RenderCache cache(folder.path());
  const RenderItem item = item_of(RenderKind::kSpectrogram, "/a.wav");
  EXPECT_FALSE(cache.find(item, "digest"));
  ASSERT_TRUE(cache.put(item, "digest", some_rendering()).ok());
  const auto found = cache.find(item, "digest");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes, some_rendering().bytes);
  EXPECT_EQ(found->record, some_rendering().record);
}

TEST(RenderCache, TellsContentAndSettingsApart) {
  const TestFolder folder("melsweep-render-cache");
  const RenderCache cache(folder.path());
  const RenderItem item = item_of(RenderKind::kSpectrogram, "/a.wav");
  ASSERT_TRUE(cache.put(item, "digest", some_rendering()).ok());
  EXPECT_FALSE(cache.find(item, "another digest"));
  RenderItem other = item;
  other.features.n_mels = 64;
  EXPECT_FALSE(cache.find(other, "digest"));
  EXPECT_FALSE(cache.find(item_of(RenderKind::kSound, "/a.wav"), "digest"));
  EXPECT_TRUE(cache.find(item_of(RenderKind::kSpectrogram, "/moved.wav"), "digest"));
}

TEST(RenderCache, PassesOverWhatIsDamaged) {
  const TestFolder folder("melsweep-render-cache");
  const RenderCache cache(folder.path());
  const RenderItem item = item_of(RenderKind::kSpectrogram, "/a.wav");
  ASSERT_TRUE(cache.put(item, "digest", some_rendering()).ok());
  const std::filesystem::path entry = only_entry(folder.path());
  const std::string whole = audio::read_bytes(entry);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    audio::write_bytes(entry, whole.substr(0, length));
    EXPECT_FALSE(cache.find(item, "digest")) << length;
  }
  std::string changed = whole;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  audio::write_bytes(entry, changed);
  EXPECT_FALSE(cache.find(item, "digest"));
  audio::write_bytes(entry, "[]\n" + some_rendering().bytes);
  EXPECT_FALSE(cache.find(item, "digest"));
  ASSERT_TRUE(cache.put(item, "digest", some_rendering()).ok());
  EXPECT_TRUE(cache.find(item, "digest"));
}

}  // namespace
}  // namespace melsweep::rendering
