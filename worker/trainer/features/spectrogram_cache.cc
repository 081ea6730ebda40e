#include "worker/trainer/features/spectrogram_cache.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/features/bounded_queue.h"
#include "worker/trainer/features/cache_key.h"
#include "worker/trainer/features/segment_writer.h"

namespace melsweep::features {
namespace {

constexpr const char* kStage = "spectrograms";

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

absl::StatusOr<NewMatrix> make_spectrogram(audio::SpectrogramMaker& maker, const FeatureItem& item) {
  const absl::StatusOr<audio::MonoSound> sound = audio::decode(item.file, item.channel);
  if (!sound.ok()) return sound.status();
  // Afterwards, so that a change in the middle of decoding shows too.
  if (absl::Status status = check_unchanged(item); !status.ok()) return status;
  absl::StatusOr<audio::Spectrogram> spectrogram = maker.make(*sound);
  if (!spectrogram.ok()) {
    return absl::Status(spectrogram.status().code(),
                        absl::StrCat(item.file.string(), ": ", spectrogram.status().message()));
  }
  return NewMatrix{.key = item_key(item),
                   .rows = spectrogram->bands,
                   .columns = spectrogram->frames,
                   .values = std::move(spectrogram->values)};
}

// Threads that make the spectrograms of a list of items, in no particular order. Destroyed, it stops them.
class Makers {
 public:
  Makers(const FeatureSettings& settings, std::span<const FeatureItem> items, int threads)
      : settings_(settings), items_(items), finished_(2 * static_cast<std::size_t>(threads)) {
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

  // The next one that is finished, or why it could not be; nothing when stopped. Call it once an item.
  std::optional<absl::StatusOr<NewMatrix>> next(const std::stop_token& stop) { return finished_.pop(stop); }

 private:
  void work(const std::stop_token& stop) {
    absl::StatusOr<audio::SpectrogramMaker> maker = audio::SpectrogramMaker::create(settings_);
    while (!stop.stop_requested()) {
      const std::size_t index = next_item_.fetch_add(1);
      if (index >= items_.size()) return;
      absl::StatusOr<NewMatrix> made =
          maker.ok() ? make_spectrogram(*maker, items_[index]) : absl::StatusOr<NewMatrix>(maker.status());
      if (!finished_.push(std::move(made), stop)) return;
    }
  }

  FeatureSettings settings_;
  std::span<const FeatureItem> items_;
  std::atomic<std::size_t> next_item_{0};
  BoundedQueue<absl::StatusOr<NewMatrix>> finished_;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

absl::Status collect(Makers& makers, std::size_t count, SegmentWriter& writer, StageProgress& progress,
                     const std::stop_token& stop) {
  for (std::size_t i = 0; i < count; ++i) {
    std::optional<absl::StatusOr<NewMatrix>> made = stop.stop_requested() ? std::nullopt : makers.next(stop);
    if (!made) return stopped_error(kStage);
    if (!made->ok()) return made->status();
    if (absl::Status status = writer.add(**std::move(made)); !status.ok()) return status;
    progress.advance(1);
  }
  return absl::OkStatus();
}

absl::Status build(SegmentStore& store, const FeatureSettings& settings, std::span<const FeatureItem> items,
                   int threads, StageProgress& progress, const std::stop_token& stop) {
  Makers makers(settings, items, std::min(threads, static_cast<int>(items.size())));
  SegmentWriter writer(store);
  const absl::Status collected = collect(makers, items.size(), writer, progress, stop);
  const absl::Status flushed = writer.flush();
  return collected.ok() ? flushed : collected;
}

}  // namespace

audio::SpectrogramView SpectrogramTable::at(std::size_t index) const {
  const StoredMatrix& row = rows_[index];
  return {.bands = row.rows, .frames = row.columns, .values = row.values};
}

SpectrogramCache::SpectrogramCache(const std::filesystem::path& data_dir, const FeatureSettings& settings,
                                   int threads)
    : settings_(without_floor(settings)),
      threads_(threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      store_(data_dir / "features" / "spectrograms" / key(settings), SegmentLayout::kFlat,
             spectrogram_description(settings).dump(2) + "\n") {}

std::string SpectrogramCache::key(const FeatureSettings& settings) {
  return cache_key(spectrogram_description(settings));
}

absl::Status SpectrogramCache::ensure(std::span<const FeatureItem> items, const ProgressCallback& progress,
                                      std::stop_token stop) {
  return build_missing(store_, items, StageProgress(kStage, count_distinct(items), progress), stop,
                       [&](std::span<const FeatureItem> missing, StageProgress& stage) {
                         return build(store_, settings_, missing, threads_, stage, stop);
                       });
}

absl::StatusOr<SpectrogramTable> SpectrogramCache::open(std::span<const FeatureItem> items) {
  if (absl::Status status = store_.refresh(); !status.ok()) return status;
  absl::StatusOr<std::vector<StoredMatrix>> rows = store_.open(keys_of(items));
  if (!rows.ok()) return rows.status();
  return SpectrogramTable(*std::move(rows));
}

}  // namespace melsweep::features
