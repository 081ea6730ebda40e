#include "worker/trainer/features/spectrogram_cache.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/features/bounded_queue.h"
#include "worker/trainer/features/cache_key.h"
#include "worker/trainer/features/segment_writer.h"

namespace melsweep::features {
namespace {

constexpr std::string_view kStage = stages::kSpectrograms;

FeatureSettings without_floor(FeatureSettings settings) {
  settings.top_db = std::numeric_limits<double>::infinity();
  return settings;
}

// The cache names what it holds by content, for good: a file that changed since it was listed must not get in
// under its old name.
absl::Status check_unchanged(const FeatureItem& item) {
  const absl::StatusOr<std::string> hash = files::sha256_file(item.file);
  if (!hash.ok()) return hash.status();
  if (*hash == item.content_hash) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      item.file.string(), " changed after the data set was read; put it back, or submit the sweep again"));
}

using Matrices = std::vector<NewMatrix>;

// The spectrogram of one item of a signal, `sound`, at the rate that the maker wants. `plain` is the signal's
// own, once it has been needed.
absl::StatusOr<audio::Spectrogram> make_one(audio::SpectrogramMaker& maker, const audio::MonoSound& sound,
                                            const FeatureItem& item,
                                            std::optional<audio::Spectrogram>& plain) {
  if (item.variant && variants::changes_sound(*item.variant)) {
    audio::MonoSound varied = sound;
    variants::vary(*item.variant, item_key(item), varied.sample_rate, varied.samples);
    return maker.make(varied);
  }
  if (!plain) {
    absl::StatusOr<audio::Spectrogram> made = maker.make(sound);
    if (!made.ok()) return made.status();
    plain = *std::move(made);
  }
  audio::Spectrogram spectrogram = *plain;
  if (item.variant) variants::vary(*item.variant, item_key(item), spectrogram);
  return spectrogram;
}

// Those of all items of one signal, which is resampled once.
absl::Status make_of_signal(audio::SpectrogramMaker& maker, int sample_rate, audio::MonoSound decoded,
                            std::span<const FeatureItem> items, Channel channel, Matrices& matrices) {
  const absl::StatusOr<audio::MonoSound> sound = audio::resample(std::move(decoded), sample_rate);
  if (!sound.ok()) return sound.status();
  std::optional<audio::Spectrogram> plain;
  for (const FeatureItem& item : items) {
    if (item.channel != channel) continue;
    absl::StatusOr<audio::Spectrogram> spectrogram = make_one(maker, *sound, item, plain);
    if (!spectrogram.ok()) return spectrogram.status();
    matrices.push_back({.key = item_key(item),
                        .rows = spectrogram->bands,
                        .columns = spectrogram->frames,
                        .values = std::move(spectrogram->values)});
  }
  return absl::OkStatus();
}

// The spectrograms of several items of one file, which is decoded once.
absl::StatusOr<Matrices> make_spectrograms(audio::SpectrogramMaker& maker, int sample_rate,
                                           std::span<const FeatureItem> items) {
  const FeatureItem& first = items.front();
  std::vector<Channel> channels;
  for (const FeatureItem& item : items) {
    if (std::ranges::find(channels, item.channel) == channels.end()) channels.push_back(item.channel);
  }
  absl::StatusOr<std::vector<audio::MonoSound>> sounds = audio::decode(first.file, channels);
  if (!sounds.ok()) return sounds.status();
  // Afterwards, so that a change in the middle of decoding shows too.
  if (absl::Status status = check_unchanged(first); !status.ok()) return status;
  Matrices matrices;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const absl::Status status =
        make_of_signal(maker, sample_rate, std::move((*sounds)[i]), items, channels[i], matrices);
    if (!status.ok())
      return absl::Status(status.code(), absl::StrCat(first.file.string(), ": ", status.message()));
  }
  return matrices;
}

// Threads that make spectrograms, in no particular order. Destroyed, it stops them.
class Makers {
 public:
  // groups: the items of one file each, which is decoded once.
  Makers(const FeatureSettings& settings, std::span<const std::vector<FeatureItem>> groups, int threads)
      : settings_(settings), groups_(groups), finished_(2 * static_cast<std::size_t>(threads)) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  }

  Makers(const Makers&) = delete;
  Makers& operator=(const Makers&) = delete;
  ~Makers() {
    // All at once, before the first is waited for.
    for (std::jthread& thread : threads_) thread.request_stop();
  }

  // The next group that is finished, or why it could not be; nothing when stopped. Call it once a group,
  // until an error.
  std::optional<absl::StatusOr<Matrices>> next(const std::stop_token& stop) { return finished_.pop(stop); }

 private:
  void work(const std::stop_token& stop) {
    try {
      make(stop);
    } catch (const std::bad_alloc&) {
      finished_.push(absl::ResourceExhaustedError("out of memory while making spectrograms"), stop);
    }
  }

  void make(const std::stop_token& stop) {
    absl::StatusOr<audio::SpectrogramMaker> maker = audio::SpectrogramMaker::create(settings_);
    while (!stop.stop_requested()) {
      const std::size_t index = next_group_.fetch_add(1);
      if (index >= groups_.size()) return;
      absl::StatusOr<Matrices> made = maker.ok()
                                          ? make_spectrograms(*maker, settings_.sample_rate, groups_[index])
                                          : absl::StatusOr<Matrices>(maker.status());
      if (!finished_.push(std::move(made), stop)) return;
    }
  }

  FeatureSettings settings_;
  std::span<const std::vector<FeatureItem>> groups_;
  std::atomic<std::size_t> next_group_{0};
  BoundedQueue<absl::StatusOr<Matrices>> finished_;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

absl::Status collect(Makers& makers, std::size_t groups, SegmentWriter& writer, StageProgress& progress,
                     const std::stop_token& stop) {
  for (std::size_t i = 0; i < groups; ++i) {
    std::optional<absl::StatusOr<Matrices>> made = stop.stop_requested() ? std::nullopt : makers.next(stop);
    if (!made) return stopped_error(kStage);
    if (!made->ok()) return made->status();
    const auto count_made = static_cast<std::int64_t>((*made)->size());
    for (NewMatrix& matrix : **made) {
      if (absl::Status status = writer.add(std::move(matrix)); !status.ok()) return status;
    }
    progress.advance(count_made);
  }
  return absl::OkStatus();
}

absl::Status build(SegmentStore& store, const FeatureSettings& settings, std::span<const FeatureItem> items,
                   int threads, const Clock& clock, StageProgress& progress, const std::stop_token& stop) {
  const std::vector<std::vector<FeatureItem>> groups = group_by_content(items);
  Makers makers(settings, groups, std::min(threads, static_cast<int>(groups.size())));
  SegmentWriter writer(store, clock);
  const absl::Status collected = collect(makers, groups.size(), writer, progress, stop);
  const absl::Status flushed = writer.flush();
  return collected.ok() ? flushed : collected;
}

}  // namespace

audio::SpectrogramView SpectrogramTable::at(std::size_t index) const {
  const StoredMatrix& row = rows_[index];
  return {.bands = row.rows, .frames = row.columns, .values = row.values};
}

SpectrogramCache::SpectrogramCache(const std::filesystem::path& data_dir, const FeatureSettings& settings,
                                   int threads, const CacheTiming& timing)
    : settings_(without_floor(settings)),
      threads_(threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      timing_(timing),
      store_(data_dir / "features" / "spectrograms" / key(settings), SegmentLayout::kFlat,
             spectrogram_description(settings).dump(2) + "\n") {}

std::string SpectrogramCache::key(const FeatureSettings& settings) {
  return cache_key(spectrogram_description(settings));
}

absl::Status SpectrogramCache::ensure(std::span<const FeatureItem> items, const ProgressCallback& progress,
                                      std::stop_token stop, StageTimes* times) {
  return build_missing(store_, items, StageProgress(kStage, count_distinct(items), progress, times), stop,
                       timing_, [&](std::span<const FeatureItem> missing, StageProgress& stage) {
                         const StageTimes::Span at_work(times, kStage);
                         return build(store_, settings_, missing, threads_, timing_.clock, stage, stop);
                       });
}

bool SpectrogramCache::show_progress(std::span<const FeatureItem> items, const ProgressCallback& progress) {
  if (!store_.refresh().ok()) return false;
  const absl::StatusOr<std::vector<std::string>> lacking = store_.missing(keys_of(items));
  if (!lacking.ok() || lacking->empty()) return false;
  StageProgress stage(kStage, count_distinct(items), progress);
  stage.set_done(stage.total() - static_cast<std::int64_t>(lacking->size()));
  return true;
}

absl::StatusOr<SpectrogramTable> SpectrogramCache::open(std::span<const FeatureItem> items) {
  if (absl::Status status = store_.refresh(); !status.ok()) return status;
  absl::StatusOr<std::vector<StoredMatrix>> rows = store_.open(keys_of(items));
  if (!rows.ok()) return rows.status();
  return SpectrogramTable(*std::move(rows));
}

}  // namespace melsweep::features
