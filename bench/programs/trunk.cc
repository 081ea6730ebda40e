// Pictures to bottlenecks by Inception v3's trunk, all threads. usage: bench_trunk WEIGHTS PICTURES
// [float32|bfloat16]
#include <torch/torch.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <span>
#include <vector>

#include "bench/programs/outcome.h"
#include "shared/spec/names.h"
#include "worker/trainer/commands/device.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/inception/trunk_embedder.h"

namespace melsweep::bench {
namespace {

constexpr std::size_t kPictureSize = std::size_t{3} * 299 * 299;
// Of the trunk's convolutions for one picture.
constexpr double kMultiplyAdds = 5'711'168'096.0;

// Numbers in [0, 1] without order; bench/peers/trunk_pytorch.py makes the same.
std::vector<float> make_pictures(std::size_t count) {
  std::vector<float> pictures(count * kPictureSize);
  for (std::size_t i = 0; i < pictures.size(); ++i)
    pictures[i] = static_cast<float>(i * 7919 % 1009) / 1008.0F;
  return pictures;
}

void run(const char* weights, std::size_t count, Precision precision) {
  const commands::Device device = commands::choose_device(0);
  if (const absl::Status status = inception::check_precision(precision, device.torch_device); !status.ok())
    give_up(status);
  inception::TrunkEmbedder embedder(value_of(inception::load_network(weights)), "bench", device.torch_device,
                                    precision);
  const std::vector<float> pictures = make_pictures(count);
  std::vector<float> bottlenecks(count * features::kBottleneckSize);
  const auto embed = [&](std::size_t pictures_used) {
    const absl::Status status =
        embedder.embed(std::span(pictures).first(pictures_used * kPictureSize),
                       std::span(bottlenecks).first(pictures_used * features::kBottleneckSize));
    if (!status.ok()) give_up(status);
  };
  embed(1);
  const Stopwatch watch;
  embed(count);
  const Seconds elapsed = watch.elapsed();
  const double sum = std::accumulate(bottlenecks.begin(), bottlenecks.end(), 0.0);
  tell(elapsed, {{"pictures", static_cast<double>(count)},
                 {"mean", sum / static_cast<double>(bottlenecks.size())},
                 {"batch", embedder.batch_size()},
                 {"gflops", 2.0 * kMultiplyAdds * static_cast<double>(count) / elapsed.count() * 1e-9}});
}

}  // namespace
}  // namespace melsweep::bench

int main(int argc, char** argv) {
  using melsweep::Precision;
  const int count = argc == 3 || argc == 4 ? std::atoi(argv[2]) : 0;
  const auto precision = melsweep::spec::parse_name<Precision>(argc == 4 ? argv[3] : "float32");
  if (count < 1 || !precision) {
    std::fprintf(stderr, "usage: bench_trunk WEIGHTS PICTURES [float32|bfloat16]\n");
    return 2;
  }
  melsweep::bench::run(argv[1], static_cast<std::size_t>(count), *precision);
  return 0;
}
