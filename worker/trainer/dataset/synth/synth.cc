#include "worker/trainer/dataset/synth/synth.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "shared/files/atomic_file.h"
#include "worker/trainer/dataset/synth/plan.h"
#include "worker/trainer/dataset/synth/render.h"
#include "worker/trainer/dataset/synth/sources.h"
#include "worker/trainer/dataset/synth/wave_writer.h"

namespace melsweep::synth {
namespace {

namespace fs = std::filesystem;

// Says what the folder holds. It is the first file that is written.
constexpr std::string_view kMarkerName = "generated.txt";
constexpr std::size_t kMaxMarkerBytes = 4096;

// Raise the number when the plan or the sounds change.
std::string marker_text(const SynthOptions& options) {
  return absl::StrCat("made by melsweep data synth, version 2, --clips ", options.clips, " --seed ",
                      options.seed, "\n");
}

// Makes the folder ours, or says whose it is.
absl::Status claim(const fs::path& folder, const SynthOptions& options) {
  const fs::path marker = folder / kMarkerName;
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    return absl::FailedPreconditionError(absl::StrCat(folder.string(), " is a file; name a folder"));
  }
  if (fs::exists(marker, error)) {
    absl::StatusOr<std::string> found = files::read_file(marker, kMaxMarkerBytes);
    if (!found.ok()) return found.status();
    if (*found == marker_text(options)) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat(folder.string(), " holds another generated set; choose another folder or remove it. ",
                     marker.string(), " says: ", *found));
  }
  const bool has_files = fs::exists(folder, error) && !fs::is_empty(folder, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot look into ", folder.string(), ": ", error.message()));
  if (has_files) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder.string(), " is not empty and was not made by data synth; choose another folder"));
  }
  return files::write_atomically(marker, marker_text(options));
}

std::string table_text(const std::vector<Slice>& slices) {
  std::string text = "slice_file_name,fsID,start,end,salience,fold,classID,class\n";
  for (const Slice& slice : slices) {
    const Recording& recording = slice.recording;
    absl::StrAppendFormat(&text, "%s,%d,%.3f,%.3f,%d,%d,%d,%s\n", slice.file_name(), recording.fs_id,
                          slice.start_s, slice.end_s, slice.salience(), recording.fold, recording.class_id,
                          kSources[static_cast<std::size_t>(recording.class_id)].name);
  }
  return text;
}

// A file that is there is whole, and what it holds follows from its name and the marker.
absl::Status write_slice(const fs::path& folder, const Slice& slice) {
  const fs::path path = folder / "audio" / absl::StrCat("fold", slice.recording.fold) / slice.file_name();
  std::error_code error;
  if (fs::exists(path, error)) return absl::OkStatus();
  absl::StatusOr<std::string> bytes = encode_wave(slice.recording.format, render(slice));
  if (!bytes.ok()) return bytes.status();
  return files::write_atomically(path, *bytes);
}

}  // namespace

absl::Status synthesize(const fs::path& folder, const SynthOptions& options) {
  if (options.clips < kMinClips || options.clips > kMaxClips) {
    return absl::InvalidArgumentError(absl::StrCat("the number of clips must be from ", kMinClips, " to ",
                                                   kMaxClips, "; it is ", options.clips));
  }
  if (absl::Status status = claim(folder, options); !status.ok()) return status;
  const std::vector<Slice> slices = make_plan(options.clips, options.seed);
  std::int64_t done = 0;
  for (const Slice& slice : slices) {
    if (options.stop.stop_requested())
      return absl::CancelledError("making sound was stopped; run it again to go on");
    if (absl::Status status = write_slice(folder, slice); !status.ok()) return status;
    if (options.progress) {
      options.progress(
          {.stage = "making sound", .done = ++done, .total = static_cast<std::int64_t>(slices.size())});
    }
  }
  return files::write_atomically(folder / "metadata" / "UrbanSound8K.csv", table_text(slices));
}

}  // namespace melsweep::synth
