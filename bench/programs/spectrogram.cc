// Samples in memory to log-mel spectrograms, one thread. usage: bench_spectrogram LIST
#include "worker/trainer/audio/spectrogram.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

#include "bench/programs/clip_list.h"
#include "bench/programs/outcome.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::bench {
namespace {

constexpr std::size_t kWarmUp = 10;

std::vector<audio::MonoSound> load(const char* list, int sample_rate) {
  std::vector<audio::MonoSound> sounds;
  for (const std::filesystem::path& path : read_clip_list(list)) {
    sounds.push_back(
        value_of(audio::resample(value_of(audio::decode(path, Channel::kAverage)), sample_rate)));
  }
  return sounds;
}

double mean_of(const audio::Spectrogram& spectrogram) {
  const double sum = std::accumulate(spectrogram.values.begin(), spectrogram.values.end(), 0.0);
  return sum / static_cast<double>(spectrogram.values.size());
}

// Of the transform of one frame, as it is usually counted: the rest (window, mel bands, logarithms) is less.
double transform_operations(int n_fft) {
  return 2.5 * n_fft * std::log2(n_fft);
}

void run(const char* list) {
  const FeatureSettings settings{.decibels = Decibels::kPower};
  const std::vector<audio::MonoSound> sounds = load(list, settings.sample_rate);
  audio::SpectrogramMaker maker = value_of(audio::SpectrogramMaker::create(settings));
  for (std::size_t i = 0; i < std::min(kWarmUp, sounds.size()); ++i) value_of(maker.make(sounds[i]));
  const Stopwatch watch;
  double sum = 0.0;
  double frames = 0.0;
  for (const audio::MonoSound& sound : sounds) {
    const audio::Spectrogram spectrogram = value_of(maker.make(sound));
    sum += mean_of(spectrogram);
    frames += spectrogram.frames;
  }
  const Seconds elapsed = watch.elapsed();
  const auto count = static_cast<double>(sounds.size());
  tell(elapsed, {{"clips", count},
                 {"mean_db", sum / count},
                 {"f64_gflops", frames * transform_operations(settings.n_fft) / elapsed.count() * 1e-9}});
}

}  // namespace
}  // namespace melsweep::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_spectrogram LIST\n");
    return 2;
  }
  melsweep::bench::run(argv[1]);
  return 0;
}
