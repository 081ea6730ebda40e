#include "worker/trainer/features/bottleneck_cache.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/trainer/audio/picture.h"
#include "worker/trainer/features/bounded_queue.h"
#include "worker/trainer/features/cache_key.h"
#include "worker/trainer/features/segment_writer.h"
#include "worker/trainer/features/spectrograms_ahead.h"

namespace melsweep::features {
namespace {

constexpr std::string_view kStage = stages::kBottlenecks;

// Makes the pictures of the next batch while the network works on the one before. Destroyed, it stops.
class PictureBatches {
 public:
  // Of as many items as `spectrograms`, which outlives it, gives. `times` may be null.
  PictureBatches(SpectrogramsAhead& spectrograms, std::size_t items, const FeatureSettings& settings,
                 std::size_t batch_size, StageTimes* times)
      : spectrograms_(spectrograms),
        left_(items),
        settings_(settings),
        batch_values_(batch_size * audio::kPictureValues),
        times_(times),
        thread_([this](const std::stop_token& stop) {
          try {
            make(stop);
          } catch (const std::bad_alloc&) {
            ready_.push(absl::ResourceExhaustedError("out of memory while making pictures"), stop);
          }
        }) {}

  // [n, 3, 299, 299] in the order of the items; nothing when stopped. Call it once a batch, until an error.
  std::optional<absl::StatusOr<std::vector<float>>> next(const std::stop_token& stop) {
    return ready_.pop(stop);
  }

 private:
  void make(const std::stop_token& stop) {
    while (left_ > 0) {
      const std::optional<absl::StatusOr<SpectrogramTable>> table = spectrograms_.next(stop);
      if (!table) return;
      if (!table->ok()) {
        ready_.push(table->status(), stop);
        return;
      }
      for (std::size_t i = 0; i < (*table)->size(); ++i) {
        if (!add((*table)->at(i), stop)) return;
      }
    }
  }

  // Batches know nothing of the parts in which spectrograms come. False when stopped.
  bool add(const audio::SpectrogramView& spectrogram, const std::stop_token& stop) {
    if (stop.stop_requested()) return false;
    draw(spectrogram);
    --left_;
    if (batch_.size() < batch_values_ && left_ > 0) return true;
    return ready_.push(std::exchange(batch_, {}), stop);
  }

  void draw(const audio::SpectrogramView& spectrogram) {
    const StageTimes::Span at_work(times_, kStage);
    batch_.reserve(batch_values_);
    batch_.resize(batch_.size() + audio::kPictureValues);
    audio::make_picture(spectrogram, settings_, std::span(batch_).last(audio::kPictureValues));
  }

  SpectrogramsAhead& spectrograms_;
  std::size_t left_;
  FeatureSettings settings_;
  std::size_t batch_values_;
  StageTimes* times_;
  std::vector<float> batch_;  // the next one
  BoundedQueue<absl::StatusOr<std::vector<float>>> ready_{1};
  std::jthread thread_;  // last: it uses all of the above
};

// Embeds one batch and stores it under the items' names.
absl::Status embed_batch(Embedder& embedder, std::span<const float> pictures,
                         std::span<const FeatureItem> items, SegmentWriter& writer) {
  std::vector<float> bottlenecks(items.size() * kBottleneckSize);
  if (absl::Status status = embedder.embed(pictures, bottlenecks); !status.ok()) return status;
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(bottlenecks.begin(), bottlenecks.end(), finite)) {
    return absl::OutOfRangeError(
        absl::StrCat("the outputs of the network ", embedder.identity(),
                     " are not finite numbers: its weights are damaged or another network's; check them with "
                     "`melsweep weights verify`, or choose others (model.weights)"));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto row = bottlenecks.begin() + static_cast<std::ptrdiff_t>(i * kBottleneckSize);
    absl::Status status = writer.add({.key = item_key(items[i]),
                                      .rows = 1,
                                      .columns = static_cast<int>(kBottleneckSize),
                                      .values = std::vector<float>(row, row + kBottleneckSize)});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status embed_all(Embedder& embedder, PictureBatches& batches, std::span<const FeatureItem> items,
                       SegmentWriter& writer, StageProgress& progress, const std::stop_token& stop) {
  const auto batch_size = static_cast<std::size_t>(embedder.batch_size());
  for (std::size_t first = 0; first < items.size(); first += batch_size) {
    const std::size_t count = std::min(batch_size, items.size() - first);
    const auto pictures = stop.stop_requested() ? std::nullopt : batches.next(stop);
    if (!pictures) return stopped_error(kStage);
    if (!pictures->ok()) return pictures->status();
    const StageTimes::Span at_work(progress.times(), kStage);
    absl::Status status = embed_batch(embedder, **pictures, items.subspan(first, count), writer);
    if (!status.ok()) return status;
    progress.advance(static_cast<std::int64_t>(count));
  }
  return absl::OkStatus();
}

}  // namespace

BottleneckCache::BottleneckCache(const std::filesystem::path& data_dir, const FeatureSettings& settings,
                                 Embedder& embedder, int threads, const CacheTiming& timing)
    : data_dir_(data_dir),
      settings_(settings),
      embedder_(embedder),
      threads_(threads),
      timing_(timing),
      store_(data_dir / "features" / "bottlenecks" / key(settings, embedder.identity()),
             SegmentLayout::kStacked, bottleneck_description(settings, embedder.identity()).dump(2) + "\n") {}

std::string BottleneckCache::key(const FeatureSettings& settings, const std::string& embedder_identity) {
  return cache_key(bottleneck_description(settings, embedder_identity));
}

absl::Status BottleneckCache::build(std::span<const FeatureItem> items, const ProgressCallback& callback,
                                    StageProgress& progress, const std::stop_token& stop) {
  if (absl::Status status = embedder_.check(); !status.ok()) return status;
  SpectrogramCache cache(data_dir_, settings_, threads_, timing_);
  SpectrogramsAhead spectrograms(cache, items, callback, progress.times());
  PictureBatches batches(spectrograms, items.size(), settings_,
                         static_cast<std::size_t>(embedder_.batch_size()), progress.times());
  SegmentWriter writer(store_, timing_.clock);
  const absl::Status embedded = embed_all(embedder_, batches, items, writer, progress, stop);
  const StageTimes::Span at_work(progress.times(), kStage);
  const absl::Status flushed = writer.flush();
  return embedded.ok() ? flushed : embedded;
}

absl::Status BottleneckCache::ensure(std::span<const FeatureItem> items, const ProgressCallback& progress,
                                     std::stop_token stop, StageTimes* times) {
  std::mutex telling;
  const ProgressCallback in_turn = [&](const Progress& now) {
    const std::scoped_lock lock(telling);
    if (progress) progress(now);
  };
  SpectrogramCache spectrograms(data_dir_, settings_, threads_, timing_);
  return build_missing(
      store_, items, StageProgress(kStage, count_distinct(items), in_turn, times), stop, timing_,
      [&](std::span<const FeatureItem> missing, StageProgress& stage) {
        return build(missing, in_turn, stage, stop);
      },
      [&](std::span<const FeatureItem> missing) { return spectrograms.show_progress(missing, in_turn); });
}

absl::StatusOr<BottleneckTable> BottleneckCache::open(std::span<const FeatureItem> items) {
  if (absl::Status status = store_.refresh(); !status.ok()) return status;
  absl::StatusOr<std::vector<StoredMatrix>> rows = store_.open(keys_of(items));
  if (!rows.ok()) return rows.status();
  return BottleneckTable(*std::move(rows));
}

}  // namespace melsweep::features
