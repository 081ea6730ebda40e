#include "worker/trainer/commands/spectrogram_command.h"

#include <array>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/commands/channel_option.h"

namespace melsweep::commands {
namespace {

enum class Kind { kMelPower, kMelDbPower, kMelDbAmplitude, kHertzDb };

struct Arguments {
  Kind kind = Kind::kMelPower;
  Channel channel = Channel::kAverage;
  std::filesystem::path sound;
  std::filesystem::path array;
};

FeatureSettings settings_for(Kind kind) {
  FeatureSettings settings;
  settings.representation = kind == Kind::kHertzDb ? Representation::kHertz : Representation::kMel;
  settings.decibels = kind == Kind::kMelDbPower ? Decibels::kPower : Decibels::kAmplitude;
  return settings;
}

absl::Status run(const Arguments& arguments) {
  const absl::StatusOr<audio::MonoSound> sound = audio::decode(arguments.sound, arguments.channel);
  if (!sound.ok()) return sound.status();
  absl::StatusOr<audio::SpectrogramMaker> maker =
      audio::SpectrogramMaker::create(settings_for(arguments.kind));
  if (!maker.ok()) return maker.status();
  const absl::StatusOr<audio::Spectrogram> spectrogram =
      arguments.kind == Kind::kMelPower ? maker->make_power(*sound) : maker->make(*sound);
  if (!spectrogram.ok()) {
    return absl::Status(spectrogram.status().code(),
                        absl::StrCat(arguments.sound.string(), ": ", spectrogram.status().message()));
  }
  const std::array<std::size_t, 2> shape = {static_cast<std::size_t>(spectrogram->bands),
                                            static_cast<std::size_t>(spectrogram->frames)};
  return arrays::write_npy(arguments.array, shape, spectrogram->values);
}

}  // namespace

void add_spectrogram_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "spectrogram",
      "Make the spectrogram of a sound file with librosa's defaults: float32 .npy, [bands, frames]");
  const auto arguments = std::make_shared<Arguments>();
  const std::map<std::string, Kind> kinds = {{"mel_power", Kind::kMelPower},
                                             {"mel_db_power", Kind::kMelDbPower},
                                             {"mel_db_amplitude", Kind::kMelDbAmplitude},
                                             {"hertz_db", Kind::kHertzDb}};
  verb->add_option_function<std::string>(
          "--kind", [arguments, kinds](const std::string& name) { arguments->kind = kinds.at(name); },
          "Mel power, its decibels taken as a power or (doubled, as in the study) as an amplitude, or "
          "decibels of the STFT")
      ->required()
      ->check(CLI::IsMember(kinds));
  add_channel_option(*verb, arguments->channel);
  verb->add_option("IN", arguments->sound, "Sound file: WAV, FLAC, OGG or MP3")->required();
  verb->add_option("OUT", arguments->array, "Array to write")->required();
  verb->callback([arguments, &exit_code] {
    const absl::Status status = run(*arguments);
    if (status.ok()) return;
    std::cerr << "melsweep-trainer spectrogram: " << status.message() << "\n";
    exit_code = 1;
  });
}

}  // namespace melsweep::commands
