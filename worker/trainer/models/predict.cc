#include "worker/trainer/models/predict.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/dataset/names.h"

namespace melsweep::models {
namespace {

// What waits for the classifier: enough to keep it busy, and little memory. One picture of an hour has 20
// million values.
constexpr std::size_t kMaxWaiting = 64;
constexpr std::size_t kMaxWaitingValues = std::size_t{1} << 24;

class Predicting {
 public:
  Predicting(audio::SpectrogramMaker maker, Classifier& classifier, const PredictOptions& options)
      : maker_(std::move(maker)), classifier_(classifier), options_(options) {}

  absl::Status add(const std::filesystem::path& file) {
    absl::StatusOr<audio::MonoSound> sound = audio::decode(file, Channel::kAverage);
    if (!sound.ok()) return fail(sound.status());
    const std::vector<Window> windows =
        windows_of(sound->samples.size(), sound->sample_rate, options_.windows);
    for (const Window& window : windows) {
      absl::StatusOr<audio::Spectrogram> spectrogram = maker_.make(cut(*sound, window));
      if (!spectrogram.ok()) {
        return fail(absl::Status(spectrogram.status().code(),
                                 fmt::format("{}: {}", dataset::printable(file.string()),
                                             std::string(spectrogram.status().message()))));
      }
      wait(file, *sound, window, *std::move(spectrogram));
      if (!is_full()) continue;
      if (absl::Status status = flush(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status flush() {
    if (waiting_.empty()) return absl::OkStatus();
    std::vector<audio::SpectrogramView> views;
    views.reserve(spectrograms_.size());
    for (const audio::Spectrogram& spectrogram : spectrograms_) {
      views.push_back(
          {.bands = spectrogram.bands, .frames = spectrogram.frames, .values = spectrogram.values});
    }
    std::vector<float> probabilities(views.size() * options_.labels);
    if (absl::Status status = classifier_.classify(views, probabilities); !status.ok()) return status;
    auto row = probabilities.begin();
    for (SoundPrediction& prediction : waiting_) {
      const auto next = row + static_cast<std::ptrdiff_t>(options_.labels);
      prediction.probabilities.assign(row, next);
      options_.predicted(prediction);
      row = next;
    }
    waiting_.clear();
    spectrograms_.clear();
    values_ = 0;
    return absl::OkStatus();
  }

 private:
  static audio::MonoSound cut(const audio::MonoSound& sound, const Window& window) {
    const auto begin = sound.samples.begin();
    return {.sample_rate = sound.sample_rate,
            .samples = {begin + static_cast<std::ptrdiff_t>(window.begin),
                        begin + static_cast<std::ptrdiff_t>(window.end)}};
  }

  bool is_full() const { return waiting_.size() >= kMaxWaiting || values_ >= kMaxWaitingValues; }

  void wait(const std::filesystem::path& file, const audio::MonoSound& sound, const Window& window,
            audio::Spectrogram spectrogram) {
    const double rate = sound.sample_rate;
    values_ += spectrogram.values.size();
    spectrograms_.push_back(std::move(spectrogram));
    waiting_.push_back({.file = file,
                        .start_s = static_cast<double>(window.begin) / rate,
                        .end_s = static_cast<double>(window.end) / rate,
                        .probabilities = {}});
  }

  // What came before it is told first.
  absl::Status fail(const absl::Status& why) {
    if (absl::Status status = flush(); !status.ok()) return status;
    options_.failed(why);
    return absl::OkStatus();
  }

  audio::SpectrogramMaker maker_;
  Classifier& classifier_;
  const PredictOptions& options_;
  std::vector<SoundPrediction> waiting_;
  std::vector<audio::Spectrogram> spectrograms_;  // of those that wait
  std::size_t values_ = 0;                        // in them
};

}  // namespace

absl::Status predict_files(std::span<const std::filesystem::path> files, Classifier& classifier,
                           const PredictOptions& options) {
  absl::StatusOr<audio::SpectrogramMaker> maker = audio::SpectrogramMaker::create(options.features);
  if (!maker.ok()) return maker.status();
  Predicting predicting(*std::move(maker), classifier, options);
  std::size_t done = 0;
  for (const std::filesystem::path& file : files) {
    if (absl::Status status = predicting.add(file); !status.ok()) return status;
    if (options.progress) options.progress(++done, files.size());
  }
  return predicting.flush();
}

}  // namespace melsweep::models
