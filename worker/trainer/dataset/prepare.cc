#include "worker/trainer/dataset/prepare.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"
#include "shared/model/leakage.h"
#include "worker/trainer/dataset/leakage.h"
#include "worker/trainer/dataset/listing.h"
#include "worker/trainer/dataset/near_duplicates.h"
#include "worker/trainer/dataset/split.h"

namespace melsweep::dataset {
namespace {

constexpr std::size_t kBadClipsNamed = 20;

std::vector<std::string> class_names(const std::vector<ListedClip>& clips) {
  std::set<std::string> names;
  for (const ListedClip& clip : clips) names.insert(clip.class_name);
  return {names.begin(), names.end()};
}

Clip to_clip(const ListedClip& listed, const ScannedFile& file, const std::vector<std::string>& classes) {
  const auto place = std::lower_bound(classes.begin(), classes.end(), listed.class_name);
  return Clip{.id = listed.id,
              .class_index = static_cast<int>(place - classes.begin()),
              .group = listed.group,
              .fold = listed.fold,
              .content_hash = file.content_hash,
              .sample_rate = file.sound.sample_rate,
              .channels = file.sound.channels,
              .duration_s = file.sound.duration_s()};
}

absl::Status refuse_bad_clips(const std::vector<BadClip>& bad, std::size_t total) {
  std::string message = absl::StrCat(bad.size(), " of ", total, " clips cannot be used:");
  for (std::size_t i = 0; i < std::min(bad.size(), kBadClipsNamed); ++i) {
    absl::StrAppend(&message, "\n  ", bad[i].reason);
  }
  if (bad.size() > kBadClipsNamed) {
    absl::StrAppend(&message, "\n  and ", bad.size() - kBadClipsNamed, " more");
  }
  absl::StrAppend(&message, "\nMend or remove them, or say on_bad_clip: skip to go on without them");
  return absl::InvalidArgumentError(message);
}

std::string hash_of(const DatasetReport& report) {
  files::Sha256 hash;
  const auto add = [&](const std::string& field) { hash.update(absl::StrCat(field.size(), ":", field)); };
  for (const Clip& clip : report.clips) {
    add(clip.id);
    add(report.classes[static_cast<std::size_t>(clip.class_index)]);
    add(clip.group);
    add(absl::StrCat(clip.fold));
    add(clip.content_hash);
  }
  return hash.finish();
}

struct ReadClips {
  DatasetReport report;                          // clips and bad clips, classes and the content's hash
  std::vector<audio::Fingerprint> fingerprints;  // of the clips, where they are wanted
};

absl::StatusOr<ReadClips> read_clips(const DatasetSpec& spec, const PrepareOptions& options) {
  absl::StatusOr<Listing> listing = read_listing(spec.format, spec.path);
  if (!listing.ok()) return listing.status();
  auto files = scan_listing(*listing, options);
  if (!files.ok()) return files.status();

  ReadClips read;
  DatasetReport& report = read.report;
  report.classes = class_names(listing->clips);
  for (std::size_t i = 0; i < files->size(); ++i) {
    const ListedClip& listed = listing->clips[i];
    absl::StatusOr<ScannedFile>& file = (*files)[i];
    if (file.ok()) {
      report.clips.push_back(to_clip(listed, *file, report.classes));
      if (file->fingerprint) read.fingerprints.push_back(*std::move(file->fingerprint));
    } else {
      report.skipped.push_back({.id = listed.id, .reason = bad_clip_reason(listed, file.status())});
    }
  }
  if (spec.on_bad_clip == BadClipPolicy::kFail && !report.skipped.empty()) {
    return refuse_bad_clips(report.skipped, files->size());
  }
  report.content_hash = hash_of(report);
  return read;
}

// Of clips that were split.
absl::Status warn_of_near_duplicates(const std::vector<audio::Fingerprint>& fingerprints,
                                     bool cross_validation, const PrepareOptions& options,
                                     DatasetReport& report) {
  const std::vector<Clip>& clips = report.clips;
  std::vector<std::string> sides;
  sides.reserve(clips.size());
  for (const Clip& clip : clips) sides.push_back(side_name(clip, cross_validation));
  const auto would_leak = [&](std::size_t one, std::size_t other) {
    return sides[one] != sides[other] && are_unrelated(clips[one], clips[other]);
  };
  const absl::StatusOr<NearDuplicates> found =
      find_near_duplicates(fingerprints, would_leak, {.progress = options.progress, .stop = options.stop});
  if (!found.ok()) return found.status();
  if (!found->pairs.empty()) {
    report.warnings.push_back(
        absl::StrCat(std::string(kLeakageWarning), near_duplicate_leak(clips, *found, cross_validation)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DatasetReport> prepare_dataset(const DatasetSpec& spec, const PrepareOptions& options) {
  absl::StatusOr<ReadClips> read = read_clips(spec, options);
  if (!read.ok()) return read.status();
  DatasetReport* const report = &read->report;
  if (report->clips.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(spec.path, ": none of the ", report->skipped.size(),
                     " clips can be used; the first: ", report->skipped.front().reason));
  }
  if (report->classes.size() < 2) {
    return absl::InvalidArgumentError(absl::StrCat(spec.path, ": every clip is of the class '",
                                                   report->classes.front(),
                                                   "'; there is nothing to tell apart"));
  }
  absl::StatusOr<SplitOutcome> split = assign_splits(spec.split, report->classes, report->clips);
  if (!split.ok()) {
    return absl::Status(split.status().code(), absl::StrCat(spec.path, ": ", split.status().message()));
  }
  report->validation_folds = std::move(split->validation_folds);
  report->warnings = std::move(split->warnings);
  if (options.with_fingerprints) {
    absl::Status status =
        warn_of_near_duplicates(read->fingerprints, spec.split.cross_validation, options, *report);
    if (!status.ok()) return status;
  }
  return std::move(read->report);
}

}  // namespace melsweep::dataset
