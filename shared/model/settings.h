// What one trial is made of: how sound becomes a picture, which network, how it is trained.
// The defaults are librosa's and the study's (docs/sweep-yaml.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace melsweep {

enum class Representation { kMel, kHertz };

// kAmplitude is 20 log10(S) of the *power* spectrogram, as the study did (so its decibels are doubled);
// kPower is the correct 10 log10(S).
enum class Decibels { kAmplitude, kPower };

enum class ImageColors { kGray, kMagma, kViridis };

// Which signal of a stereo file is used. A mono file has kAverage only.
enum class Channel { kAverage, kLeft, kRight };

struct FeatureSettings {
  Representation representation = Representation::kMel;
  Decibels decibels = Decibels::kAmplitude;
  ImageColors image = ImageColors::kGray;
  int sample_rate = 22050;  // Hz, after resampling
  int n_fft = 2048;         // samples
  int hop_length = 512;     // samples
  int win_length = 0;       // samples; 0 = n_fft
  int n_mels = 128;         // mel bands; unused for kHertz
  double fmin = 0.0;        // Hz
  double fmax = 0.0;        // Hz; 0 = sample_rate / 2
  double top_db = 80.0;     // dB below the maximum at which the picture is black
  friend bool operator==(const FeatureSettings&, const FeatureSettings&) = default;
};

enum class Architecture { kInceptionV3 };
enum class TrainableKind { kHead, kBlocks, kAll };

// Which layers learn. kBlocks trains the head and the last `blocks` blocks of the trunk.
struct Trainable {
  TrainableKind kind = TrainableKind::kHead;
  int blocks = 0;
  friend bool operator==(const Trainable&, const Trainable&) = default;
};

// What products of a network are made of; they are summed in float32.
enum class Precision { kFloat32, kBfloat16 };

struct ModelSettings {
  Architecture architecture = Architecture::kInceptionV3;
  // A safetensors file, looked up by worker/trainer/inception/weights_path.h, or "random" for untrained
  // weights.
  std::string weights;
  Trainable trainable;
  Precision precision = Precision::kFloat32;  // of the frozen trunk; kBfloat16 with TrainableKind::kHead only
  friend bool operator==(const ModelSettings&, const ModelSettings&) = default;
};

// As PyTorch defines them, with its constants where TrainingSettings has none: for kRmsprop alpha 0.99, for
// kAdam and kAdamW beta 0.9 and 0.999, epsilon 1e-8. kMomentum and kNesterov are SGD with momentum.
enum class Optimizer { kSgd, kMomentum, kNesterov, kRmsprop, kAdam, kAdamW };

// How the learning rate goes on after the warm-up: kLinear and kCosine fall to 0 at the last step.
enum class LearningRateSchedule { kConstant, kLinear, kCosine };

// What else a training clip gives (shared/model/augmentation.h says how many pictures that makes).
enum class Augmentation {
  kChannels,  // a clip of two channels or more is three signals (average, left, right) instead of one
  // Of each signal one more picture, of a sound or picture that was changed by chance
  // (worker/trainer/variants).
  kNoise,
  kGain,
  kShift,
  kMasks,
  kMixup,  // the examples of a minibatch are mixed two by two (worker/trainer/training/mixup.h)
};

enum class NoiseColor { kWhite, kPink };

// How the variants of a signal are made.
struct VariantSettings {
  NoiseColor noise_color = NoiseColor::kWhite;
  double noise_snr = 20.0;  // dB, the power of the signal over that of the noise, over the whole clip
  double gain_db = 6.0;     // the gain at either end of the clip is within +- this
  double shift_s = 0.5;     // the sound moves by up to this, either way
  int mask_frequency = 16;  // bands under the mask at most
  int mask_time = 32;       // frames under the mask at most
  friend bool operator==(const VariantSettings&, const VariantSettings&) = default;
};

// How much an example counts in the loss. kBalanced: classes count alike, whatever their number of examples.
enum class ClassWeights { kNone, kBalanced };

// How minibatches are drawn (worker/trainer/training/minibatches.h).
enum class Sampling { kShuffled, kBalanced };

struct TrainingSettings {
  std::int64_t steps = 30000;         // a step is one gradient update on one minibatch
  std::int64_t evaluate_every = 500;  // steps
  std::int64_t batch_size = 100;      // examples per step
  double learning_rate = 0.01;
  Optimizer optimizer = Optimizer::kSgd;
  std::vector<Augmentation> augmentation;  // sorted, without repeats; empty = none
  double momentum = 0.9;                   // of kMomentum and kNesterov
  double weight_decay = 0.0;  // of weights and biases; decoupled with kAdamW, else added to gradients
  LearningRateSchedule schedule = LearningRateSchedule::kConstant;
  std::int64_t warmup_steps = 0;              // in which the learning rate rises from near 0, linearly
  Precision precision = Precision::kFloat32;  // of a head's updates; kBfloat16 with TrainableKind::kHead only
  ClassWeights class_weights = ClassWeights::kNone;
  Sampling sampling = Sampling::kShuffled;
  double mixup_alpha = 0.2;  // of Augmentation::kMixup: shares are drawn from Beta(alpha, alpha)
  VariantSettings variants{};
  friend bool operator==(const TrainingSettings&, const TrainingSettings&) = default;
};

struct TrialSettings {
  FeatureSettings features;
  ModelSettings model;
  TrainingSettings training;
  friend bool operator==(const TrialSettings&, const TrialSettings&) = default;
};

}  // namespace melsweep
