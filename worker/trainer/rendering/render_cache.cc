#include "worker/trainer/rendering/render_cache.h"

#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"

namespace melsweep::rendering {
namespace {

using nlohmann::ordered_json;

// More than the largest picture takes.
constexpr std::size_t kMaxEntryBytes = std::size_t{64} << 20;

constexpr char kRecord[] = "record";
constexpr char kSha256[] = "sha256";  // of the bytes that follow

}  // namespace

std::filesystem::path RenderCache::place(const RenderItem& item, const std::string& sha256) const {
  ordered_json key = rendering_description(item);
  key["source"] = sha256;
  const std::string name = files::sha256(key.dump());
  return folder_ / name.substr(0, 2) / name;
}

// An entry is a line of JSON, and then the rendering's bytes.
std::optional<Rendering> RenderCache::find(const RenderItem& item, const std::string& sha256) const {
  absl::StatusOr<std::string> entry = files::read_file(place(item, sha256), kMaxEntryBytes);
  if (!entry.ok()) return std::nullopt;
  const std::size_t newline = entry->find('\n');
  if (newline == std::string::npos) return std::nullopt;
  const ordered_json head =
      ordered_json::parse(entry->substr(0, newline), nullptr, /*allow_exceptions=*/false);
  entry->erase(0, newline + 1);
  if (!head.is_object() || !head.contains(kRecord) || !head[kRecord].is_object()) return std::nullopt;
  if (!head.contains(kSha256) || head[kSha256] != files::sha256(*entry)) return std::nullopt;
  return Rendering{.record = head[kRecord], .bytes = *std::move(entry)};
}

absl::Status RenderCache::put(const RenderItem& item, const std::string& sha256,
                              const Rendering& rendering) const {
  const ordered_json head = {{kRecord, rendering.record}, {kSha256, files::sha256(rendering.bytes)}};
  return files::write_atomically(place(item, sha256), absl::StrCat(head.dump(), "\n", rendering.bytes));
}

}  // namespace melsweep::rendering
