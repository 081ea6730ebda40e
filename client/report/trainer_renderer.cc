#include "client/report/trainer_renderer.h"

#include <stdlib.h>

#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/local/listened_program.h"
#include "client/local/temporary_file.h"
#include "client/report/rendered_list.h"
#include "shared/files/atomic_file.h"

namespace melsweep::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

// Removed with all that is in it.
class TemporaryFolder {
 public:
  static absl::StatusOr<TemporaryFolder> create() {
    std::error_code error;
    const fs::path place = fs::temp_directory_path(error);
    std::string name = (place / "melsweep-report-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
      return absl::UnavailableError(absl::StrCat("cannot make a folder in ", place.string()));
    }
    return TemporaryFolder(name);
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, fs::path())) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

std::string request_of(const std::vector<RenderingWish>& wishes) {
  json items = json::array();
  for (const RenderingWish& wish : wishes) {
    json item = {{"id", wish.id},        {"kind", kind_text(wish.kind)}, {"path", wish.path},
                 {"channel", "average"}, {"width", wish.width},          {"height", wish.height},
                 {"format", "opus"}};
    const json features = json::parse(wish.features, nullptr, /*allow_exceptions=*/false);
    if (features.is_object()) item["features"] = features;
    if (!wish.sha256.empty()) item["sha256"] = wish.sha256;
    items.push_back(std::move(item));
  }
  return json{{"version", 1}, {"items", items}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

absl::StatusOr<std::vector<Rendering>> read_list(const fs::path& folder) {
  const absl::StatusOr<std::string> text = files::read_file(folder / kRenderedFile, kMostBytes);
  if (!text.ok()) return text.status();
  return parse_rendered(
      *text, [&folder](const std::string& file) { return files::read_file(folder / file, kMostBytes); });
}

// In the order of the wishes.
std::vector<Rendering> ordered(const std::vector<RenderingWish>& wishes, std::vector<Rendering> renderings) {
  std::map<std::string, Rendering> by_id;
  for (Rendering& rendering : renderings) by_id[rendering.id] = std::move(rendering);
  std::vector<Rendering> list;
  for (const RenderingWish& wish : wishes) {
    const auto found = by_id.find(wish.id);
    Rendering missing;
    missing.id = wish.id;
    missing.error = "the trainer made none";
    list.push_back(found == by_id.end() ? missing : std::move(found->second));
  }
  return list;
}

}  // namespace

absl::StatusOr<std::vector<Rendering>> TrainerRenderer::render(const std::vector<RenderingWish>& wishes) {
  const absl::StatusOr<local::TemporaryFile> request = local::TemporaryFile::create(request_of(wishes));
  if (!request.ok()) return request.status();
  const absl::StatusOr<TemporaryFolder> out = TemporaryFolder::create();
  if (!out.ok()) return out.status();
  const absl::StatusOr<local::ExitStatus> end =
      local::listen_to({.program = program_,
                        .arguments = {"render", "--request", request->path().string(), "--out",
                                      out->path().string(), "--cache", cache_.string()},
                        .input = "",
                        .heard = [](const std::string&) {}});
  if (!end.ok()) return end.status();
  if (end->signal != 0 || end->code != 0) {
    return absl::UnavailableError(
        absl::StrCat(program_.string(), " render ended with ", end->to_string(), "; its words are above"));
  }
  absl::StatusOr<std::vector<Rendering>> renderings = read_list(out->path());
  if (!renderings.ok()) return renderings.status();
  return ordered(wishes, *std::move(renderings));
}

}  // namespace melsweep::report
