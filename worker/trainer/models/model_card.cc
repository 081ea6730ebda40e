#include "worker/trainer/models/model_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "shared/spec/names.h"

namespace melsweep::models {
namespace {

// Text that people chose, as one cell of a table.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char byte : text) {
    if (byte == '|' || byte == '\\' || byte == '`' || byte == '*' || byte == '_' || byte == '<') safe += '\\';
    safe += byte == '\n' || byte == '\r' ? ' ' : byte;
  }
  return safe;
}

template <class... Arguments>
void say(std::string& text, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Arguments>(arguments)...);
}

std::string layers_trained(const Trainable& trainable) {
  switch (trainable.kind) {
    case TrainableKind::kHead:
      return "its last layer was trained, on top of the weights named below";
    case TrainableKind::kBlocks:
      return fmt::format("its last layer and its last {} blocks were trained, from the weights named below",
                         trainable.blocks);
    case TrainableKind::kAll:
      break;
  }
  return "all of it was trained, from the weights named below";
}

void say_what_it_is(const TrainedModel& model, std::string& text) {
  const ModelOrigin& origin = model.origin;
  say(text, "# {}, trial {}\n\n", cell(origin.sweep), origin.trial);
  say(text,
      "Tells {} classes of sound apart. An Inception v3 that sees a sound's {} spectrogram as a picture of "
      "299 x "
      "299; {}.\n\n",
      model.labels.size(), spec::name_of(model.settings.features.representation),
      layers_trained(model.settings.model.trainable));
  if (origin.warnings.empty()) return;
  say(text, "**Mind this before believing the numbers below:**\n\n");
  for (const std::string& warning : origin.warnings) say(text, "- {}\n", cell(warning));
  say(text, "\n");
}

std::string split_text(const ModelOrigin& origin) {
  const SplitSpec& split = origin.dataset.split;
  std::string text = fmt::format("by {}", spec::name_of(split.by));
  if (origin.validation_fold != 0) {
    return text + fmt::format(", cross-validation: fold {} validates", origin.validation_fold);
  }
  if (split.by != SplitBy::kFold) return text + fmt::format(", seed {}", split.seed);
  const auto folds = [&](std::string_view name, const std::vector<int>& numbers) {
    if (!numbers.empty()) text += fmt::format(", {} {}", name, fmt::join(numbers, " and "));
  };
  folds("validation", split.validation_folds);
  folds("test", split.test_folds);
  return text;
}

void say_data(const TrainedModel& model, std::string& text) {
  const ModelOrigin& origin = model.origin;
  say(text, "## Data\n\n- {} at `{}`, split {}\n- content hash `{}`\n", spec::name_of(origin.dataset.format),
      origin.dataset.path, split_text(origin), origin.dataset_hash);
  if (origin.clips_skipped > 0) {
    say(text, "- {} clips could not be used and were left out\n", origin.clips_skipped);
  }
  say(text,
      "\n| label | class | training clips | pictures of them | validation clips | test clips |\n"
      "|--:|---|--:|--:|--:|--:|\n");
  ClassClips sum;
  for (std::size_t i = 0; i < origin.clips.size(); ++i) {
    const ClassClips& clips = origin.clips[i];
    say(text, "| {} | {} | {} | {} | {} | {} |\n", i, cell(clips.class_name), clips.train, clips.pictures,
        clips.validation, clips.test);
    sum.train += clips.train;
    sum.pictures += clips.pictures;
    sum.validation += clips.validation;
    sum.test += clips.test;
  }
  say(text, "| | all | {} | {} | {} | {} |\n\n", sum.train, sum.pictures, sum.validation, sum.test);
}

void say_quality(const ModelOrigin& origin, std::string& text) {
  say(text,
      "## How good it is\n\nMeasured after the last step, {}. Losses are mean cross-entropies in nats.\n\n",
      origin.step);
  say(text, "| metric | value |\n|---|--:|\n");
  for (const MetricPoint& point : origin.metrics)
    say(text, "| {} | {:.4f} |\n", cell(point.name), point.value);
  for (const SplitMetrics& evaluation : origin.evaluations) {
    say(text, "\nOn the {} clips:\n\n| class | precision | recall | F1 | clips |\n|---|--:|--:|--:|--:|\n",
        evaluation.split);
    for (const ClassMetrics& metrics : evaluation.classes) {
      say(text, "| {} | {:.3f} | {:.3f} | {:.3f} | {} |\n", cell(metrics.class_name), metrics.precision,
          metrics.recall, metrics.f1, metrics.support);
    }
  }
  const auto is_test = [](const SplitMetrics& evaluation) { return evaluation.split == "test"; };
  if (std::ranges::none_of(origin.evaluations, is_test)) {
    say(text,
        "\nThe setting was chosen by looking at the validation clips, so that these numbers flatter it a "
        "little; "
        "on test clips it was not measured.\n");
  }
}

void say_training(const TrainedModel& model, std::string& text) {
  const ModelOrigin& origin = model.origin;
  const TrainingSettings& training = model.settings.training;
  say(text, "\n## How it was trained\n\n");
  say(text, "- sweep {} `{}`, trial {}, seed {}, finished {}\n", origin.sweep_id, origin.sweep, origin.trial,
      origin.seed, origin.finished_at);
  say(text, "- {} steps of {} examples, {}, learning rate {}\n", training.steps, training.batch_size,
      spec::name_of(training.optimizer), training.learning_rate);
  for (const Parameter& parameter : origin.parameters) {
    say(text, "- chosen by the sweep: {} = {}\n", cell(parameter.name), cell(to_text(parameter.value)));
  }
  say(text, "- began with the weights `{}`, SHA-256 `{}`\n", model.start.path, model.start.sha256);
  say(text, "- by {} on {}; every setting is in model.json\n\n", cell(origin.trainer), cell(origin.device));
}

void say_features(const FeatureSettings& features, std::string& text) {
  say(text,
      "## What it hears\n\nThe average of a sound's channels at {} Hz, n_fft {}, hop {}, {}; decibels below "
      "the "
      "loudest point, down to {}, {}; colours: {}. It was trained on whole clips: of longer recordings it is "
      "given "
      "windows as long as those.\n\n",
      features.sample_rate, features.n_fft, features.hop_length,
      features.representation == Representation::kMel
          ? fmt::format("{} mel bands from {} Hz to {} Hz", features.n_mels, features.fmin,
                        features.fmax == 0.0 ? features.sample_rate / 2.0 : features.fmax)
          : std::string("all frequencies"),
      features.top_db,
      features.representation == Representation::kMel && features.decibels == Decibels::kAmplitude
          ? "of the power taken as an amplitude (so they are doubled)"
          : "of the power",
      spec::name_of(features.image));
}

void say_use(const inception::Dialect& dialect, const std::string& by, std::string& text) {
  say(text,
      "## How to use it\n\n    melsweep predict --model FOLDER FILES...\n\nIn Python: Melsweep's "
      "`docs/predict_with_torch.py`, with librosa and torch.\n\n`model.safetensors` has torchvision's names "
      "for "
      "`inception_v3(aux_logits=False)`. ");
  say(text, "{} The first layer takes pictures in {}.\n\nExported by {}.\n",
      dialect.pool_padding == inception::PoolPadding::kCounted
          ? "The average pools count their padding, as torchvision's do."
          : "The weights were born in Keras: the 3 x 3 average pools do not count their padding "
            "(`count_include_pad=False`).",
      inception::to_text(dialect.input_range), by);
}

}  // namespace

std::string model_card(const TrainedModel& model, const inception::Dialect& dialect, const std::string& by) {
  std::string text;
  say_what_it_is(model, text);
  say_data(model, text);
  say_quality(model.origin, text);
  say_training(model, text);
  say_features(model.settings.features, text);
  say_use(dialect, by, text);
  return text;
}

}  // namespace melsweep::models
