#include "worker/trainer/commands/samples_command.h"

#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/commands/channel_option.h"

namespace melsweep::commands {
namespace {

struct Arguments {
  Channel channel = Channel::kAverage;
  std::filesystem::path sound;
  std::filesystem::path array;
};

absl::Status run(const Arguments& arguments) {
  absl::StatusOr<audio::MonoSound> sound = audio::decode(arguments.sound, arguments.channel);
  if (!sound.ok()) return sound.status();
  const absl::StatusOr<audio::MonoSound> resampled =
      audio::resample(*std::move(sound), FeatureSettings{}.sample_rate);
  if (!resampled.ok()) return resampled.status();
  const std::array<std::size_t, 1> shape = {resampled->samples.size()};
  return arrays::write_npy(arguments.array, shape, resampled->samples);
}

}  // namespace

void add_samples_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "samples", "Decode one signal of a sound file at 22,050 Hz: float32 .npy, [samples]");
  const auto arguments = std::make_shared<Arguments>();
  add_channel_option(*verb, arguments->channel);
  verb->add_option("IN", arguments->sound, "Sound file: WAV, FLAC, OGG or MP3")->required();
  verb->add_option("OUT", arguments->array, "Array to write")->required();
  verb->callback([arguments, &exit_code] {
    const absl::Status status = run(*arguments);
    if (status.ok()) return;
    std::cerr << "melsweep-trainer samples: " << status.message() << "\n";
    exit_code = 1;
  });
}

}  // namespace melsweep::commands
