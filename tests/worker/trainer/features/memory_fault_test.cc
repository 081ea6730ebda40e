// What the caches' threads do where memory runs out: this program's allocations fail above a size.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include "tests/worker/trainer/features/cache_fixture.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/features/spectrogram_cache.h"

namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
std::atomic<std::size_t> largest_allocation = kNoLimit;

}  // namespace

void* operator new(std::size_t bytes) {
  if (bytes <= largest_allocation) {
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  }
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace melsweep::features {
namespace {

class MemoryFaultTest : public CacheTest {
 protected:
  void TearDown() override { largest_allocation = kNoLimit; }

  // A sound of 4 MB.
  std::vector<FeatureItem> long_sound() const {
    std::filesystem::create_directories(sounds());
    const std::filesystem::path file = sounds() / "long.wav";
    audio::write_sound(file, {.channels = 1}, audio::sine(300.0, 22050, std::size_t{1} << 20));
    return {{.content_hash = *files::sha256_file(file), .channel = Channel::kAverage, .file = file}};
  }
};

TEST_F(MemoryFaultTest, SpectrogramsThatFindNoMemoryAreAnError) {
  const std::vector<FeatureItem> items = long_sound();
  SpectrogramCache cache(data_dir(), {}, 2);
  largest_allocation = std::size_t{1} << 20;
  EXPECT_EQ(cache.ensure(items, {}, {}).code(), absl::StatusCode::kResourceExhausted);
  largest_allocation = kNoLimit;
  EXPECT_TRUE(cache.ensure(items, {}, {}).ok());
}

TEST_F(MemoryFaultTest, PicturesThatFindNoMemoryAreAnError) {
  const std::vector<FeatureItem> items = write_sounds(4);
  ASSERT_TRUE(SpectrogramCache(data_dir(), {}, 1).ensure(items, {}, {}).ok());
  CountingEmbedder embedder;
  BottleneckCache cache(data_dir(), {}, embedder, 1);
  largest_allocation = std::size_t{1} << 20;  // a picture has 3 MB
  EXPECT_EQ(cache.ensure(items, {}, {}).code(), absl::StatusCode::kResourceExhausted);
  largest_allocation = kNoLimit;
  EXPECT_TRUE(cache.ensure(items, {}, {}).ok());
}

}  // namespace
}  // namespace melsweep::features
