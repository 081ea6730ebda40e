#include "worker/trainer/rendering/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "worker/trainer/dataset/names.h"
#include "worker/trainer/rendering/render_cache.h"
#include "worker/trainer/rendering/renderer.h"

namespace melsweep::rendering {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kVersion = 1;

// The clip's digest, which is the one that was asked for.
absl::StatusOr<std::string> digest_of(const RenderItem& item) {
  const std::string shown = dataset::printable(item.path.string());
  std::error_code error;
  if (!fs::exists(item.path, error)) {
    return absl::NotFoundError(
        fmt::format("{} does not exist{}{}", shown, error ? ": " : "", error.message()));
  }
  absl::StatusOr<std::string> digest = files::sha256_file(item.path);
  if (!digest.ok() || item.sha256.empty() || *digest == item.sha256) return digest;
  return absl::FailedPreconditionError(
      fmt::format("{} has changed: its SHA-256 is {}, not {}", shown, *digest, item.sha256));
}

ordered_json begun_record(const RenderItem& item) {
  ordered_json record = {{"id", item.id}};
  if (!item.clip.empty()) record["clip"] = item.clip;
  return record;
}

class Rendered {
 public:
  Rendered(std::span<const RenderItem> items, const RenderOptions& options)
      : items_(items), options_(options), cache_(options.cache), records_(items.size()) {}

  // On as many threads as one likes.
  void work() {
    Renderer renderer;
    while (!stopped()) {
      const std::size_t i = next_.fetch_add(1);
      if (i >= items_.size()) return;
      absl::StatusOr<Rendering> rendering = make_safely(renderer, items_[i]);
      if (rendering.ok()) {
        keep(i, *std::move(rendering));
      } else {
        tell(rendering.status());
        records_[i] = begun_record(items_[i]);
        records_[i]["error"] = std::string(rendering.status().message());
      }
      count_one();
    }
  }

  absl::Status finish() {
    if (!failure_.ok()) return failure_;
    if (done_ < items_.size()) return absl::CancelledError("interrupted");
    const ordered_json list = {{"version", kVersion}, {"items", records_}};
    return files::write_atomically(options_.out / kRenderedFile,
                                   list.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  }

 private:
  bool stopped() const { return failed_ || (options_.is_interrupted && options_.is_interrupted()); }

  absl::StatusOr<Rendering> make_safely(Renderer& renderer, const RenderItem& item) {
    try {
      return make(renderer, item);
    } catch (const std::bad_alloc&) {
      return absl::ResourceExhaustedError(
          fmt::format("{}: not enough memory", dataset::printable(item.path.string())));
    }
  }

  absl::StatusOr<Rendering> make(Renderer& renderer, const RenderItem& item) {
    const absl::StatusOr<std::string> digest = digest_of(item);
    if (!digest.ok()) return digest.status();
    if (options_.cache.empty()) return renderer.render(item, *digest);
    if (std::optional<Rendering> found = cache_.find(item, *digest)) return *std::move(found);
    absl::StatusOr<Rendering> rendering = renderer.render(item, *digest);
    if (!rendering.ok()) return rendering;
    const absl::Status kept = cache_.put(item, *digest, *rendering);
    // Said once, since all of it is on one disk.
    if (!kept.ok() && !cache_failed_.exchange(true)) tell(kept);
    return rendering;
  }

  void keep(std::size_t i, Rendering rendering) {
    const RenderItem& item = items_[i];
    ordered_json& record = records_[i];
    record = begun_record(item);
    record["kind"] = rendering.record["kind"];
    if (const std::string file = file_name(item); !file.empty()) {
      const absl::Status written = files::write_atomically(options_.out / file, rendering.bytes);
      if (!written.ok()) return fail(written);
      record["file"] = file;
    }
    record.update(rendering.record);
  }

  void fail(const absl::Status& failure) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    failure_.Update(failure);
  }

  void tell(const absl::Status& why) {
    const std::lock_guard lock(mutex_);
    if (options_.failed) options_.failed(why);
  }

  void count_one() {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (options_.progress) options_.progress(done_, items_.size());
  }

  std::span<const RenderItem> items_;
  const RenderOptions& options_;
  RenderCache cache_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::atomic<bool> cache_failed_ = false;
  std::mutex mutex_;  // guards done_ and failure_, and is held where somebody is told something
  std::size_t done_ = 0;
  absl::Status failure_;
  std::vector<ordered_json> records_;  // each element written by one thread
};

absl::Status remove_list(const fs::path& folder) {
  std::error_code error;
  fs::remove(folder / kRenderedFile, error);
  if (!error || error == std::errc::not_a_directory) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("cannot remove {}: {}", (folder / kRenderedFile).string(), error.message()));
}

}  // namespace

std::string file_name(const RenderItem& item) {
  const std::string end = extension(item);
  return end.empty() ? end : item.id + end;
}

absl::Status render(std::span<const RenderItem> items, const RenderOptions& options) {
  if (absl::Status status = remove_list(options.out); !status.ok()) return status;
  Rendered rendered(items, options);
  const unsigned wanted = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  const std::size_t threads = std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(items.size(), 1));
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back([&rendered] { rendered.work(); });
    rendered.work();
  }
  return rendered.finish();
}

}  // namespace melsweep::rendering
