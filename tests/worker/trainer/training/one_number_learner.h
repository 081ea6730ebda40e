// A model of one number, which a test sets: for what saves and restores learners without looking into them.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

class OneNumberLearner final : public Learner {
 public:
  absl::StatusOr<double> step(const Minibatch&, const Watch&) override { return 0.0; }

  absl::Status logits(Indices, std::span<float>, const Watch&) override { return absl::OkStatus(); }

  absl::Status save(const std::filesystem::path& path,
                    const std::map<std::string, std::string>& metadata) const override {
    const std::array<inception::NamedTensor, 1> tensors = {{{"number", {}, std::span(&number, 1)}}};
    return inception::write_safetensors(path, tensors, inception::with_checksum(tensors, metadata));
  }

  absl::Status restore(const inception::SafetensorsFile& file) override {
    const auto values = inception::read_tensor(file, "number", {});
    if (!values.ok()) return values.status();
    number = values->at(0);
    return absl::OkStatus();
  }

  float number = 0.0F;
};

}  // namespace melsweep::training
