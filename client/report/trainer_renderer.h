// Renderings made by melsweep-trainer, which has the audio libraries.
#pragma once

#include <filesystem>

#include "client/report/renderings.h"

namespace melsweep::report {

// Runs `program` as `render --request FILE --out DIR --cache DIR` (docs/render.md). `cache` keeps what was
// made.
class TrainerRenderer final : public Renderer {
 public:
  TrainerRenderer(std::filesystem::path program, std::filesystem::path cache)
      : program_(std::move(program)), cache_(std::move(cache)) {}

  absl::StatusOr<std::vector<Rendering>> render(const std::vector<RenderingWish>& wishes) override;

 private:
  std::filesystem::path program_;
  std::filesystem::path cache_;
};

}  // namespace melsweep::report
