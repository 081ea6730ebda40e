// Samples in memory to log-mel spectrograms, one thread. usage: bench_spectrogram LIST
#include "worker/trainer/audio/spectrogram.h"

#include <algorithm>
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

void run(const char* list) {
  const FeatureSettings settings{.decibels = Decibels::kPower};
  const std::vector<audio::MonoSound> sounds = load(list, settings.sample_rate);
  audio::SpectrogramMaker maker = value_of(audio::SpectrogramMaker::create(settings));
  for (std::size_t i = 0; i < std::min(kWarmUp, sounds.size()); ++i) value_of(maker.make(sounds[i]));
  const Stopwatch watch;
  double sum = 0.0;
  for (const audio::MonoSound& sound : sounds) sum += mean_of(value_of(maker.make(sound)));
  const auto count = static_cast<double>(sounds.size());
  tell(watch.elapsed(), {{"clips", count}, {"mean_db", sum / count}});
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
