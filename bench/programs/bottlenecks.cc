// Fills the caches of one data set as a build with untrained weights would, with numbers without a meaning in
// place of what the network says: as large as the real ones, and soon made. usage: bench_bottlenecks MANIFEST
// DATA_DIR
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "bench/programs/outcome.h"
#include "worker/trainer/dataset/partition.h"
#include "worker/trainer/dataset/prepare.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/inception/trunk_embedder.h"

namespace melsweep::bench {
namespace {

class NumberEmbedder final : public features::Embedder {
 public:
  std::string identity() const override { return inception::TrunkEmbedder::identity_of("random"); }
  int batch_size() const override { return 4; }
  absl::Status embed(std::span<const float> /*pictures*/, std::span<float> bottlenecks) override {
    for (float& value : bottlenecks) value = static_cast<float>(next_++ * 7919 % 1009) / 1008.0F;
    return absl::OkStatus();
  }

 private:
  std::size_t next_ = 0;
};

void run(const char* manifest, const char* data_dir) {
  const Stopwatch watch;
  DatasetSpec spec{.format = DatasetFormat::kCsv, .path = manifest, .split = {}};
  spec.split.validation_folds = {1};
  dataset::PrepareOptions options;
  options.cache_dir = std::filesystem::path(data_dir) / "datasets";
  const DatasetReport report = value_of(dataset::prepare_dataset(spec, options));
  std::vector<features::FeatureItem> items;
  for (const Clip& clip : report.clips) {
    items.push_back({.content_hash = clip.content_hash,
                     .channel = Channel::kAverage,
                     .file = dataset::clip_path(spec, clip)});
  }
  NumberEmbedder embedder;
  features::BottleneckCache cache(data_dir, FeatureSettings{}, embedder);
  if (const absl::Status status = cache.ensure(items, {}, {}); !status.ok()) give_up(status);
  tell(watch.elapsed(), {{"clips", static_cast<double>(items.size())}});
}

}  // namespace
}  // namespace melsweep::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_bottlenecks MANIFEST DATA_DIR\n");
    return 2;
  }
  melsweep::bench::run(argv[1], argv[2]);
  return 0;
}
