#include "worker/trainer/rendering/misclassified_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "shared/files/tar_archive.h"
#include "worker/trainer/dataset/partition.h"
#include "worker/trainer/rendering/render.h"

namespace melsweep::rendering {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// Of the list: less than 2 kB an item.
constexpr std::size_t kMaxListBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

float confidence(const Prediction& prediction) {
  const auto predicted = static_cast<std::size_t>(prediction.predicted_class);
  return predicted < prediction.probabilities.size() ? prediction.probabilities[predicted] : 0.0F;
}

std::vector<const Prediction*> most_confident_errors(const Evaluation& evaluation) {
  std::vector<const Prediction*> errors;
  for (const Prediction& prediction : evaluation.predictions) {
    if (prediction.predicted_class != prediction.true_class) errors.push_back(&prediction);
  }
  std::ranges::sort(errors, [](const Prediction* one, const Prediction* other) {
    return std::pair(-confidence(*one), std::string_view(one->clip)) <
           std::pair(-confidence(*other), std::string_view(other->clip));
  });
  return errors;
}

// Removes itself, and what is in it.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) { remove(); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { remove(); }

  const fs::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path path_;
};

// The list with an error in place of each file that is too much, the files in its order.
struct Contents {
  ordered_json list;
  std::vector<std::string> files{};
};

// A line for `sha256sum --check`.
std::string sum_line(std::string_view name, std::string_view content) {
  return fmt::format("{}  {}\n", files::sha256(content), name);
}

constexpr std::size_t kSumBytes = 64 + 3;  // of a line, without the name

absl::StatusOr<Contents> choose(const fs::path& folder, std::int64_t max_bytes) {
  absl::StatusOr<std::string> text = files::read_file(folder / kRenderedFile, kMaxListBytes);
  if (!text.ok()) return text.status();
  Contents contents{.list = ordered_json::parse(*text)};  // our own
  // Errors are shorter than what they stand for, so that the list only shrinks.
  std::int64_t bytes =
      files::TarWriter::kEndBytes + files::TarWriter::bytes_taken(static_cast<std::int64_t>(text->size()));
  auto sums = static_cast<std::int64_t>(kSumBytes + std::string_view(kRenderedFile).size());
  bool is_full = false;
  for (ordered_json& item : contents.list["items"]) {
    if (!item.contains("file")) continue;
    const std::string file = item["file"];
    std::error_code error;
    const std::uintmax_t size = fs::file_size(folder / file, error);
    if (error)
      return absl::UnavailableError(fmt::format("{}: {}", (folder / file).string(), error.message()));
    const std::int64_t taken = files::TarWriter::bytes_taken(static_cast<std::int64_t>(size));
    const auto sum = static_cast<std::int64_t>(kSumBytes + file.size());
    // Once something is left out, so is what is less confident.
    is_full = is_full || bytes + taken + files::TarWriter::bytes_taken(sums + sum) > max_bytes;
    if (is_full) {
      item = {{"id", item["id"]}, {"clip", item["clip"]}, {"error", "left out for its size"}};
      continue;
    }
    bytes += taken;
    sums += sum;
    contents.files.push_back(file);
  }
  return contents;
}

absl::Status pack(const Contents& contents, const fs::path& folder, const fs::path& target) {
  auto writer = files::TarWriter::create(target);
  if (!writer.ok()) return writer.status();
  const std::string list = contents.list.dump() + "\n";
  std::string sums = sum_line(kRenderedFile, list);
  absl::Status status = writer->add(kRenderedFile, list);
  for (const std::string& file : contents.files) {
    if (!status.ok()) return status;
    const absl::StatusOr<std::string> bytes = files::read_file(folder / file, kMaxFileBytes);
    status = bytes.ok() ? writer->add(file, *bytes) : bytes.status();
    if (bytes.ok()) sums += sum_line(file, *bytes);
  }
  if (status.ok()) status = writer->add(kSumsFile, sums);
  return status.ok() ? writer->commit() : status;
}

}  // namespace

std::vector<RenderItem> misclassified_items(const Evaluation& evaluation, const DatasetSpec& dataset,
                                            std::span<const Clip> clips, const FeatureSettings& features) {
  std::map<std::string_view, const Clip*> by_id;
  for (const Clip& clip : clips) by_id.emplace(clip.id, &clip);
  std::vector<RenderItem> items;
  for (const Prediction* error : most_confident_errors(evaluation)) {
    if (items.size() == 2 * kMaxMisclassifiedClips) break;
    const auto clip = by_id.find(error->clip);
    if (clip == by_id.end()) continue;
    const std::size_t number = items.size() / 2 + 1;
    RenderItem item{.id = fmt::format("s-{}", number),
                    .kind = RenderKind::kSpectrogram,
                    .path = fs::absolute(dataset::clip_path(dataset, *clip->second)),
                    .channel = Channel::kAverage,
                    .features = features,
                    .sha256 = clip->second->content_hash,
                    .clip = error->clip};
    items.push_back(item);
    item.id = fmt::format("a-{}", number);
    item.kind = RenderKind::kSound;
    items.push_back(std::move(item));
  }
  return items;
}

absl::Status write_misclassified(std::span<const RenderItem> items, const MisclassifiedOptions& options) {
  try {
    const TemporaryFolder folder(options.target.string() + ".parts");
    absl::Status status = render(items, {.out = folder.path(),
                                         .threads = options.threads,
                                         .progress = options.progress,
                                         .is_interrupted = options.is_interrupted});
    if (!status.ok()) return status;
    const absl::StatusOr<Contents> contents = choose(folder.path(), options.max_bytes);
    if (!contents.ok()) return contents.status();
    return pack(*contents, folder.path(), options.target);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("not enough memory");
  }
}

}  // namespace melsweep::rendering
