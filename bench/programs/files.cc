// Sound files to log-mel spectrograms, one thread. usage: bench_files LIST
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <vector>

#include "bench/programs/clip_list.h"
#include "bench/programs/outcome.h"
#include "worker/trainer/audio/freed_memory.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"

namespace melsweep::bench {
namespace {

constexpr std::size_t kWarmUp = 10;

audio::Spectrogram make(audio::SpectrogramMaker& maker, const std::filesystem::path& path) {
  return value_of(maker.make(value_of(audio::decode(path, Channel::kAverage))));
}

double mean_of(const audio::Spectrogram& spectrogram) {
  const double sum = std::accumulate(spectrogram.values.begin(), spectrogram.values.end(), 0.0);
  return sum / static_cast<double>(spectrogram.values.size());
}

void run(const char* list) {
  const std::vector<std::filesystem::path> paths = read_clip_list(list);
  audio::SpectrogramMaker maker = value_of(audio::SpectrogramMaker::create({.decibels = Decibels::kPower}));
  for (std::size_t i = 0; i < std::min(kWarmUp, paths.size()); ++i) make(maker, paths[i]);
  const Stopwatch watch;
  double sum = 0.0;
  for (const std::filesystem::path& path : paths) sum += mean_of(make(maker, path));
  const auto count = static_cast<double>(paths.size());
  tell(watch.elapsed(), {{"clips", count}, {"mean_db", sum / count}});
}

}  // namespace
}  // namespace melsweep::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_files LIST\n");
    return 2;
  }
  melsweep::audio::keep_freed_memory();  // as the trainer does
  melsweep::bench::run(argv[1]);
  return 0;
}
