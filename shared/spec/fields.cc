#include "shared/spec/fields.h"

#include <nlohmann/json.hpp>

#include "shared/spec/value_json.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;

template <class T>
struct MemberOf;
template <class Owner, class Value>
struct MemberOf<Value Owner::*> {
  using OwnerType = Owner;
};

// A field reached through members of members: field<&TrialSettings::training, &TrainingSettings::steps>(...).
template <auto First, auto... Rest>
constexpr auto field(std::string_view path, Presence presence = Presence::kAlways) {
  using Owner = typename MemberOf<decltype(First)>::OwnerType;
  return Field<Owner>{
      path, [](const Owner& owner) { return encode(((owner.*First).*....*Rest)); },
      [](Owner& owner, const json& value) { return decode(value, ((owner.*First).*....*Rest)); }, presence};
}

// The part of the clips that a split sets aside: folds with by: fold, else a fraction.
template <auto Folds, auto Fraction>
constexpr Field<DatasetSpec> split_part(std::string_view path) {
  return {path,
          [](const DatasetSpec& dataset) {
            const SplitSpec& split = dataset.split;
            return split.by == SplitBy::kFold ? encode(split.*Folds) : encode(split.*Fraction);
          },
          [](DatasetSpec& dataset, const json& value) {
            SplitSpec& split = dataset.split;
            return split.by == SplitBy::kFold ? decode(value, split.*Folds) : decode(value, split.*Fraction);
          }};
}

using Trial = TrialSettings;
using Features = FeatureSettings;
using Model = ModelSettings;
using Training = TrainingSettings;
using Variants = VariantSettings;

template <auto Member>
constexpr auto variant_field(std::string_view path) {
  return field<&Trial::training, &Training::variants, Member>(path, Presence::kUnlessDefault);
}

constexpr Field<TrialSettings> kTrialFields[] = {
    field<&Trial::features, &Features::representation>("features.representation"),
    field<&Trial::features, &Features::decibels>("features.decibels"),
    field<&Trial::features, &Features::image>("features.image"),
    field<&Trial::features, &Features::sample_rate>("features.sample_rate"),
    field<&Trial::features, &Features::n_fft>("features.n_fft"),
    field<&Trial::features, &Features::hop_length>("features.hop_length"),
    field<&Trial::features, &Features::win_length>("features.win_length"),
    field<&Trial::features, &Features::n_mels>("features.n_mels"),
    field<&Trial::features, &Features::fmin>("features.fmin"),
    field<&Trial::features, &Features::fmax>("features.fmax"),
    field<&Trial::features, &Features::top_db>("features.top_db"),
    field<&Trial::model, &Model::architecture>("model.architecture"),
    field<&Trial::model, &Model::weights>("model.weights"),
    field<&Trial::model, &Model::trainable>("model.trainable"),
    field<&Trial::model, &Model::precision>("model.precision", Presence::kUnlessDefault),
    field<&Trial::training, &Training::steps>("training.steps"),
    field<&Trial::training, &Training::evaluate_every>("training.evaluate_every"),
    field<&Trial::training, &Training::batch_size>("training.batch_size"),
    field<&Trial::training, &Training::learning_rate>("training.learning_rate"),
    field<&Trial::training, &Training::optimizer>("training.optimizer"),
    field<&Trial::training, &Training::augmentation>("training.augmentation"),
    field<&Trial::training, &Training::momentum>("training.momentum", Presence::kUnlessDefault),
    field<&Trial::training, &Training::weight_decay>("training.weight_decay", Presence::kUnlessDefault),
    field<&Trial::training, &Training::schedule>("training.schedule", Presence::kUnlessDefault),
    field<&Trial::training, &Training::warmup_steps>("training.warmup_steps", Presence::kUnlessDefault),
    field<&Trial::training, &Training::precision>("training.precision", Presence::kUnlessDefault),
    field<&Trial::training, &Training::class_weights>("training.class_weights", Presence::kUnlessDefault),
    field<&Trial::training, &Training::sampling>("training.sampling", Presence::kUnlessDefault),
    field<&Trial::training, &Training::mixup_alpha>("training.mixup_alpha", Presence::kUnlessDefault),
    variant_field<&Variants::noise_color>("training.noise_color"),
    variant_field<&Variants::noise_snr>("training.noise_snr"),
    variant_field<&Variants::gain_db>("training.gain_db"),
    variant_field<&Variants::shift_s>("training.shift_s"),
    variant_field<&Variants::mask_frequency>("training.mask_frequency"),
    variant_field<&Variants::mask_time>("training.mask_time"),
};

constexpr Field<DatasetSpec> kDatasetFields[] = {
    field<&DatasetSpec::format>("format"),
    field<&DatasetSpec::path>("path"),
    field<&DatasetSpec::split, &SplitSpec::by>("split.by"),
    split_part<&SplitSpec::validation_folds, &SplitSpec::validation_fraction>("split.validation"),
    split_part<&SplitSpec::test_folds, &SplitSpec::test_fraction>("split.test"),
    field<&DatasetSpec::split, &SplitSpec::seed>("split.seed"),
    field<&DatasetSpec::split, &SplitSpec::cross_validation>("split.cross_validation"),
    field<&DatasetSpec::split, &SplitSpec::allow_leakage>("split.allow_leakage"),
    field<&DatasetSpec::on_bad_clip>("on_bad_clip"),
};

constexpr Field<SweepSpec> kSweepFields[] = {
    field<&SweepSpec::name>("name"),
    field<&SweepSpec::search>("search.method"),
    field<&SweepSpec::seeds>("seeds"),
    field<&SweepSpec::objective, &Objective::metric>("objective.metric"),
    field<&SweepSpec::objective, &Objective::goal>("objective.goal"),
    field<&SweepSpec::retry, &RetryPolicy::max_attempts>("retry.max_attempts"),
    field<&SweepSpec::reuse>("reuse"),
    field<&SweepSpec::evaluate>("evaluate", Presence::kUnlessDefault),
    field<&SweepSpec::train_on>("train_on", Presence::kUnlessDefault),
    field<&SweepSpec::resources, &ResourceRequest::gpus>("resources.gpus", Presence::kUnlessDefault),
    field<&SweepSpec::resources, &ResourceRequest::gpu_memory>("resources.gpu_memory",
                                                               Presence::kUnlessDefault),
    field<&SweepSpec::resources, &ResourceRequest::cpus>("resources.cpus", Presence::kUnlessDefault),
    field<&SweepSpec::resources, &ResourceRequest::labels>("resources.labels", Presence::kUnlessDefault),
    field<&SweepSpec::priority>("priority", Presence::kUnlessDefault),
    field<&SweepSpec::max_parallel>("max_parallel", Presence::kUnlessDefault),
};

}  // namespace

std::span<const Field<TrialSettings>> trial_fields() {
  return kTrialFields;
}
std::span<const Field<DatasetSpec>> dataset_fields() {
  return kDatasetFields;
}
std::span<const Field<SweepSpec>> sweep_fields() {
  return kSweepFields;
}

const Field<TrialSettings>* find_trial_field(std::string_view name) {
  const Field<TrialSettings>* found = nullptr;
  for (const Field<TrialSettings>& field : kTrialFields) {
    if (field.path == name) return &field;
    if (last_word(field.path) != name) continue;
    if (found != nullptr) return nullptr;
    found = &field;
  }
  return found;
}

std::string_view last_word(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

}  // namespace melsweep::spec
