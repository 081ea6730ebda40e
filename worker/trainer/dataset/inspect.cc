#include "worker/trainer/dataset/inspect.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/trainer/dataset/first_few.h"
#include "worker/trainer/dataset/leakage.h"
#include "worker/trainer/dataset/listing.h"
#include "worker/trainer/dataset/near_duplicates.h"

namespace melsweep::dataset {
namespace {

using Files = std::vector<absl::StatusOr<ScannedFile>>;

Durations summarize(std::vector<double> durations) {
  if (durations.empty()) return {};
  std::sort(durations.begin(), durations.end());
  const std::size_t middle = durations.size() / 2;
  const double median =
      durations.size() % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2.0;
  return {.min = durations.front(), .median = median, .max = durations.back()};
}

std::vector<ClassSummary> count_classes(const Listing& listing, const Files& files) {
  std::map<std::string, ClassSummary> classes;
  std::map<std::string, std::set<std::string>> groups;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ListedClip& clip = listing.clips[i];
    ClassSummary& summary = classes[clip.class_name];
    summary.name = clip.class_name;
    if (!files[i].ok()) continue;
    ++summary.clips;
    ++summary.channels[files[i]->sound.channels];
    if (clip.fold != 0) ++summary.per_fold[clip.fold];
    groups[clip.class_name].insert(clip.group);
  }
  std::vector<ClassSummary> sorted;
  for (auto& [name, summary] : classes) {
    summary.groups = static_cast<std::int64_t>(groups[name].size());
    sorted.push_back(std::move(summary));
  }
  return sorted;
}

void count_files(const Listing& listing, const Files& files, Inspection& inspection) {
  std::vector<double> durations;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ListedClip& clip = listing.clips[i];
    if (!files[i].ok()) {
      inspection.bad_clips.push_back({.id = clip.id, .reason = bad_clip_reason(clip, files[i].status())});
      continue;
    }
    const audio::SoundInfo& sound = files[i]->sound;
    ++inspection.clips;
    ++inspection.sample_rates[sound.sample_rate];
    ++inspection.channels[sound.channels];
    if (clip.fold != 0) ++inspection.folds[clip.fold];
    durations.push_back(sound.duration_s());
  }
  inspection.durations = summarize(std::move(durations));
}

// The usable clips, as far as duplicates among them are looked for.
std::vector<Clip> usable_clips(const Listing& listing, const Files& files) {
  std::vector<Clip> clips;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ListedClip& listed = listing.clips[i];
    if (!files[i].ok()) continue;
    Clip& clip = clips.emplace_back();
    clip.id = listed.id;
    clip.group = listed.group;
    clip.fold = listed.fold;
    clip.content_hash = files[i]->content_hash;
  }
  return clips;
}

std::string ids_of(const Straddler& straddler) {
  return first_few(straddler.clips.size(), [&](std::size_t i) { return straddler.clips[i]->id; });
}

// The first of `found` as sentences, and how many more there are.
void add_problems(const std::vector<Straddler>& found,
                  const std::function<std::string(const Straddler&)>& sentence,
                  std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < std::min(found.size(), kNamedInSentences); ++i) {
    problems.push_back(sentence(found[i]));
  }
  if (found.size() > kNamedInSentences) {
    problems.push_back(absl::StrCat("and ", found.size() - kNamedInSentences, " more of this kind"));
  }
}

void find_problems(const std::vector<Clip>& clips, Inspection& inspection) {
  const auto id_of = [](const Clip& clip) { return clip.id; };
  const auto fold_of = [](const Clip& clip) { return absl::StrCat(clip.fold); };
  const auto group_of = [](const Clip& clip) { return clip.group; };
  const auto content_of = [](const Clip& clip) { return clip.content_hash; };
  const auto duplicates = [](const Straddler& content) {
    return absl::StrCat("files of the same content: ", ids_of(content));
  };
  const auto scattered = [](const Straddler& recording) {
    std::set<int> distinct;
    for (const Clip* clip : recording.clips) distinct.insert(clip->fold);
    const std::vector<int> folds(distinct.begin(), distinct.end());
    return absl::StrCat("recording ", recording.key, " stands in several folds (",
                        first_few(folds.size(), [&](std::size_t i) { return absl::StrCat(folds[i]); }),
                        "), which leaks when they are split");
  };
  add_problems(find_straddlers(clips, id_of, content_of), duplicates, inspection.problems);
  add_problems(find_straddlers(clips, fold_of, group_of), scattered, inspection.problems);
  for (const ClassSummary& summary : inspection.classes) {
    if (summary.clips == 0)
      inspection.problems.push_back(absl::StrCat("no clip of ", summary.name, " can be used"));
  }
  if (inspection.classes.size() < 2) {
    inspection.problems.push_back("there is only one class, so nothing to tell apart");
  }
}

absl::Status find_alike(const std::vector<Clip>& clips, Files& files, const ScanOptions& options,
                        Inspection& inspection) {
  std::vector<audio::Fingerprint> fingerprints;
  for (absl::StatusOr<ScannedFile>& file : files) {
    if (file.ok()) fingerprints.push_back(std::move(file->fingerprint).value_or(audio::Fingerprint()));
  }
  const auto found = find_near_duplicates(
      fingerprints,
      [&](std::size_t one, std::size_t other) { return are_unrelated(clips[one], clips[other]); },
      {.progress = options.progress, .stop = options.stop});
  if (!found.ok()) return found.status();
  for (const NearDuplicate& pair : found->pairs) {
    const Clip& first = clips[pair.first];
    const Clip& second = clips[pair.second];
    inspection.alike.push_back({.first = first.id,
                                .second = second.id,
                                .first_fold = first.fold,
                                .second_fold = second.fold,
                                .difference = pair.difference});
  }
  inspection.too_short = found->too_short;
  inspection.too_even = found->too_even;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Inspection> inspect_dataset(const std::filesystem::path& path,
                                           std::optional<DatasetFormat> format, const ScanOptions& options) {
  if (!format) format = detect_format(path);
  // Where there is nothing at all, any reader says so.
  Inspection inspection;
  inspection.format = format.value_or(DatasetFormat::kFolders);
  absl::StatusOr<Listing> listing = read_listing(inspection.format, path);
  if (!listing.ok()) return listing.status();
  ScanOptions with_fingerprints = options;
  with_fingerprints.with_fingerprints = true;
  absl::StatusOr<Files> files = scan_listing(*listing, with_fingerprints);
  if (!files.ok()) return files.status();
  inspection.classes = count_classes(*listing, *files);
  count_files(*listing, *files, inspection);
  const std::vector<Clip> clips = usable_clips(*listing, *files);
  find_problems(clips, inspection);
  if (absl::Status status = find_alike(clips, *files, options, inspection); !status.ok()) return status;
  return inspection;
}

}  // namespace melsweep::dataset
