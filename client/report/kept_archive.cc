#include "client/report/kept_archive.h"

#include <map>
#include <optional>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/report/rendered_list.h"
#include "shared/artifacts/layout.h"
#include "shared/files/digest.h"
#include "shared/files/tar_archive.h"

namespace melsweep::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // a trainer writes 24 MiB at most
constexpr char kSumsFile[] = "SHA256SUMS";

// SWEEP/TRIAL/ATTEMPT/ARCHIVE below the artifact folder; nothing where the path is no artifact's.
std::optional<fs::path> below_artifacts(const fs::path& checkpoint) {
  const fs::path attempt = checkpoint.parent_path();
  const fs::path trial = attempt.parent_path();
  const fs::path sweep = trial.parent_path();
  const auto file = artifacts::step_of_file(checkpoint.filename().string());
  if (!file || !artifacts::epoch_of_folder(attempt.filename().string()) ||
      !artifacts::trial_of_folder(trial.filename().string()) ||
      !artifacts::sweep_of_folder(sweep.filename().string())) {
    return std::nullopt;
  }
  return sweep.filename() / trial.filename() / attempt.filename() /
         artifacts::file_name(file->step, ArtifactKind::kMisclassified);
}

using Hashes = std::map<std::string, std::string>;  // of the members, by their names

// Lines of sha256sum: the hash, two blanks, the name.
Hashes parse_sums(std::string_view text) {
  Hashes hashes;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(std::string(text), '\n'))) {
    const std::size_t blanks = line.find("  ");
    if (blanks != std::string::npos) hashes[line.substr(blanks + 2)] = line.substr(0, blanks);
  }
  return hashes;
}

// A member that is what its hash says, where there are hashes.
absl::StatusOr<std::string> whole_member(const files::TarArchive& archive, const std::string& name,
                                         const std::optional<Hashes>& hashes) {
  const absl::StatusOr<std::string_view> content = archive.member(name);
  if (!content.ok()) return content.status();
  if (!hashes) return std::string(*content);
  const auto hash = hashes->find(name);
  if (hash != hashes->end() && hash->second == files::sha256(*content)) return std::string(*content);
  return absl::DataLossError(absl::StrCat("the archive is damaged: ", name, " is not what its SHA-256 says"));
}

const Rendering* find(const std::vector<Rendering>& kept, const RenderingWish& wish) {
  const Rendering* failed = nullptr;
  for (const Rendering& rendering : kept) {
    if (rendering.clip != wish.clip) continue;
    if (!rendering.error.empty()) failed = &rendering;
    if (rendering.error.empty() && rendering.kind == wish.kind) return &rendering;
  }
  return failed;
}

}  // namespace

absl::StatusOr<fs::path> find_archive(const std::string& checkpoint, const ArtifactPlaces& places) {
  const std::optional<fs::path> below = below_artifacts(checkpoint);
  if (!below) {
    return absl::InvalidArgumentError(
        absl::StrCat("the database names '", checkpoint, "' as its model, which is in no artifact folder"));
  }
  std::vector<fs::path> candidates;
  if (!places.artifacts.empty()) {
    candidates = {places.artifacts / *below};
  } else {
    candidates = {fs::path(checkpoint).replace_filename(below->filename()),
                  artifacts::folder_beside(places.database) / *below};
  }
  std::string looked;
  for (const fs::path& candidate : candidates) {
    std::error_code error;
    if (fs::exists(candidate, error)) return candidate;
    absl::StrAppend(&looked, looked.empty() ? "" : " nor ", candidate.string());
  }
  return absl::NotFoundError(
      absl::StrCat("there is no ", looked,
                   places.artifacts.empty() ? " (--artifacts DIR names the artifact folder)" : ""));
}

absl::StatusOr<KeptArchive> KeptArchive::open(const fs::path& path) {
  const absl::StatusOr<files::TarArchive> archive = files::TarArchive::read(path, kMostBytes);
  if (!archive.ok()) return archive.status();
  std::optional<Hashes> hashes;
  if (const auto sums = archive->member(kSumsFile); sums.ok()) hashes = parse_sums(*sums);
  const absl::StatusOr<std::string> list = whole_member(*archive, kRenderedFile, hashes);
  if (!list.ok()) return absl::DataLossError(absl::StrCat(path.string(), ": ", list.status().message()));
  absl::StatusOr<std::vector<Rendering>> kept =
      parse_rendered(*list, [&](const std::string& file) { return whole_member(*archive, file, hashes); });
  if (!kept.ok()) return absl::DataLossError(absl::StrCat(path.string(), ": ", kept.status().message()));
  return KeptArchive(*std::move(kept), hashes.has_value());
}

absl::StatusOr<std::vector<Rendering>> KeptArchive::render(const std::vector<RenderingWish>& wishes) {
  std::vector<Rendering> found;
  for (const RenderingWish& wish : wishes) {
    const Rendering* const of_wish = find(kept_, wish);
    Rendering rendering;
    if (of_wish == nullptr) {
      rendering.error = "the trial kept nothing of this clip";
    } else if (of_wish->error.empty() && of_wish->sha256 != wish.sha256) {
      rendering.error = "the trial kept it of another sound file than the database knows";
    } else {
      rendering = *of_wish;
    }
    rendering.id = wish.id;
    found.push_back(std::move(rendering));
  }
  return found;
}

}  // namespace melsweep::report
