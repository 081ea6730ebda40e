// What a trial kept of the clips that it got wrong, to see and hear them where the data set is not
// (docs/render.md).
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "client/report/renderings.h"

namespace melsweep::report {

// Where artifacts are looked for.
struct ArtifactPlaces {
  std::filesystem::path database{};   // the file
  std::filesystem::path artifacts{};  // the artifact folder; empty: as the database names it, else beside it
};

// The archive that belongs to a trained model. `checkpoint`: the model's path, as the database has it.
// NotFound names the places that were looked at; InvalidArgument where the path is none of an artifact
// folder's.
absl::StatusOr<std::filesystem::path> find_archive(const std::string& checkpoint,
                                                   const ArtifactPlaces& places);

class KeptArchive final : public Renderer {
 public:
  // NotFound where it is not there, DataLoss where it is cut off, or its list is not what its hash says.
  static absl::StatusOr<KeptArchive> open(const std::filesystem::path& path);

  // What there is of each wish's clip, in the form and with the features that the trial kept it in. What is
  // not what its hash says has an error, and so has what was made of another sound file than the wish's.
  absl::StatusOr<std::vector<Rendering>> render(const std::vector<RenderingWish>& wishes) override;

  // Whether the archive holds hashes: one of an earlier version does not.
  bool is_hashed() const { return is_hashed_; }

 private:
  KeptArchive(std::vector<Rendering> kept, bool is_hashed) : kept_(std::move(kept)), is_hashed_(is_hashed) {}

  std::vector<Rendering> kept_;
  bool is_hashed_;
};

}  // namespace melsweep::report
