#include "worker/trainer/audio/sound_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class SoundFile : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return folder_.path() / name; }

  // Why both readers refuse the file; they must agree.
  static std::string refusal(const fs::path& path) {
    const absl::StatusOr<SoundInfo> info = verify_sound_file(path);
    const absl::StatusOr<MonoSound> sound = decode(path, Channel::kAverage);
    if (info.ok() || sound.ok()) return "it was read";
    EXPECT_EQ(info.status(), sound.status());
    EXPECT_EQ(info.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(info.status().message(), HasSubstr(path.string()));
    return std::string(info.status().message());
  }

  TestFolder folder_{absl::StrCat("sound_file_test_", ::getpid())};
};

// Changes `count` bytes of a little-endian number in a file.
void poke(const fs::path& path, std::size_t at, std::uint32_t value, int count = 4) {
  std::string bytes = read_bytes(path);
  for (int i = 0; i < count; ++i)
    bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
  write_bytes(path, bytes);
}

TEST_F(SoundFile, TellsRateChannelsAndLength) {
  write_sound(file("a.wav"), {.sample_rate = 48000, .channels = 2}, std::vector<float>(2 * 24000, 0.1F));
  const absl::StatusOr<SoundInfo> info = verify_sound_file(file("a.wav"));
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->sample_rate, 48000);
  EXPECT_EQ(info->channels, 2);
  EXPECT_EQ(info->frames, 24000);
  EXPECT_DOUBLE_EQ(info->duration_s(), 0.5);
}

TEST_F(SoundFile, KeepsTheBeginningOfWhatItReadsToTheEnd) {
  std::vector<float> stereo(2 * 100000);
  for (std::size_t i = 0; i < stereo.size(); i += 2) stereo[i] = static_cast<float>(i) * 1e-6F;
  write_sound(file("a.wav"), {.sample_rate = 48000, .channels = 2}, stereo);
  const absl::StatusOr<SoundBeginning> beginning = read_beginning(file("a.wav"), 1.0);
  ASSERT_TRUE(beginning.ok()) << beginning.status();
  EXPECT_EQ(beginning->info.frames, 100000);
  EXPECT_EQ(beginning->info.channels, 2);
  EXPECT_EQ(beginning->sound.sample_rate, 48000);
  std::vector<float> whole = decode(file("a.wav"), Channel::kAverage)->samples;
  EXPECT_EQ(read_beginning(file("a.wav"), 60.0)->sound.samples, whole);
  whole.resize(48000);
  EXPECT_EQ(beginning->sound.samples, whole);
  std::filesystem::resize_file(file("a.wav"), 150000);
  EXPECT_EQ(read_beginning(file("a.wav"), 0.1).status(), verify_sound_file(file("a.wav")).status());
}

TEST_F(SoundFile, AveragesOrPicksChannels) {
  write_sound(file("a.wav"), {.channels = 2}, {0.5F, -0.25F, 1.0F, 0.0F});
  EXPECT_THAT(decode(file("a.wav"), Channel::kAverage)->samples, ElementsAre(0.125F, 0.5F));
  EXPECT_THAT(decode(file("a.wav"), Channel::kLeft)->samples, ElementsAre(0.5F, 1.0F));
  EXPECT_THAT(decode(file("a.wav"), Channel::kRight)->samples, ElementsAre(-0.25F, 0.0F));
}

TEST_F(SoundFile, AveragesAllOfManyChannels) {
  write_sound(file("a.wav"), {.channels = 4}, {1.0F, 0.0F, 0.5F, 0.5F});
  EXPECT_THAT(decode(file("a.wav"), Channel::kAverage)->samples, ElementsAre(0.5F));
}

TEST_F(SoundFile, GivesTheOneChannelOfAMonoFileForEveryName) {
  write_sound(file("a.wav"), {}, {0.5F, -0.25F});
  for (const Channel channel : {Channel::kAverage, Channel::kLeft, Channel::kRight}) {
    EXPECT_THAT(decode(file("a.wav"), channel)->samples, ElementsAre(0.5F, -0.25F));
  }
}

TEST_F(SoundFile, ReadsEveryFormatOverManyBlocks) {
  const std::vector<float> wave = sine(440.0, 44100, 100000);
  struct Case {
    const char* name;
    int format;
    float tolerance;
  };
  for (const Case& c : {Case{"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1e-4F},
                        {"b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 1e-6F},
                        {"c.wav", SF_FORMAT_RF64 | SF_FORMAT_FLOAT, 0.0F},
                        {"x.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_U8, 1e-2F},
                        {"r.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, 1e-4F},
                        {"d.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1e-4F},
                        {"e.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0.05F}}) {
    SCOPED_TRACE(c.name);
    write_sound(file(c.name), {.format = c.format, .sample_rate = 44100}, wave);
    EXPECT_TRUE(verify_sound_file(file(c.name)).ok()) << verify_sound_file(file(c.name)).status();
    const absl::StatusOr<MonoSound> sound = decode(file(c.name), Channel::kAverage);
    ASSERT_TRUE(sound.ok()) << sound.status();
    EXPECT_EQ(sound->sample_rate, 44100);
    ASSERT_EQ(sound->samples.size(), wave.size());
    float worst = 0.0F;
    for (std::size_t n = 0; n < wave.size(); ++n)
      worst = std::max(worst, std::abs(sound->samples[n] - wave[n]));
    EXPECT_LE(worst, c.tolerance);
  }
}

TEST_F(SoundFile, ReadsMp3) {
  write_sound(file("a.mp3"), {.format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, .sample_rate = 44100},
              sine(440.0, 44100, 44100));
  const absl::StatusOr<MonoSound> sound = decode(file("a.mp3"), Channel::kAverage);
  ASSERT_TRUE(sound.ok()) << sound.status();
  const auto [low, high] = std::minmax_element(sound->samples.begin(), sound->samples.end());
  EXPECT_NEAR(*high, 0.5F, 0.05F);
  EXPECT_NEAR(*low, -0.5F, 0.05F);
}

// Written by libsndfile with a tag that counts the frames; its first frame taken away.
TEST_F(SoundFile, ReadsAnMp3ThatSaysNothingOfItsLength) {
  for (const int channels : {1, 2}) {
    for (const int rate : {44100, 22050}) {
      SCOPED_TRACE(absl::StrCat(rate, " Hz, ", channels, " channels"));
      // Silence first: the decoder's guess from the small first frame is then far too long.
      std::vector<float> wave(static_cast<std::size_t>(rate * channels), 0.0F);
      const std::vector<float> tone = sine(440.0, rate, wave.size());
      wave.insert(wave.end(), tone.begin(), tone.end());
      write_sound(
          file("tagged.mp3"),
          {.format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, .sample_rate = rate, .channels = channels},
          wave);
      const std::string bytes = read_bytes(file("tagged.mp3"));
      write_bytes(file("plain.mp3"), bytes.substr(mpeg_frame_bytes(bytes)));
      const absl::StatusOr<SoundInfo> info = verify_sound_file(file("plain.mp3"));
      ASSERT_TRUE(info.ok()) << info.status();
      EXPECT_NEAR(static_cast<double>(info->frames), 2.0 * rate, 3000.0);  // and the encoder's padding
    }
  }
}

TEST_F(SoundFile, ReadsAWavWhoseWriterCouldNotGoBack) {
  for (const std::uint32_t claimed : {0xffffffffU, 0x80000000U, 0x7fffffffU - 36, 2001U}) {
    write_sound(file("a.wav"), {.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16}, sine(440.0, 22050, 1000));
    poke(file("a.wav"), 40, claimed);
    const absl::StatusOr<SoundInfo> info = verify_sound_file(file("a.wav"));
    ASSERT_TRUE(info.ok()) << info.status();
    EXPECT_EQ(info->frames, 1000) << claimed;
  }
  poke(file("a.wav"), 40, 0);
  EXPECT_THAT(refusal(file("a.wav")), HasSubstr("gives no length for the sound"));
}

// A thread that has decoded a file with the same headers asks libsndfile no more; a new one does.
TEST_F(SoundFile, FindsTheSameInOggFilesWhoseHeadersItKnows) {
  const std::vector<float> wave = sine(440.0, 44100, 100000);
  write_sound(file("first.ogg"), {.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS, .channels = 2}, wave);
  const std::string bytes = read_bytes(file("first.ogg"));
  ASSERT_TRUE(verify_sound_file(file("first.ogg")).ok());
  std::string damaged = bytes;
  damaged[bytes.size() / 2] = static_cast<char>(damaged[bytes.size() / 2] ^ 0x55);
  for (const std::string& now :
       {bytes, bytes.substr(0, bytes.size() / 2), bytes.substr(0, bytes.rfind("OggS")), damaged,
        bytes + bytes, bytes + "more"}) {
    write_bytes(file("a.ogg"), now);
    const auto [info, sound] =
        std::pair(verify_sound_file(file("a.ogg")), decode(file("a.ogg"), Channel::kRight));
    std::thread([&] {
      const auto [new_info, new_sound] =
          std::pair(verify_sound_file(file("a.ogg")), decode(file("a.ogg"), Channel::kRight));
      EXPECT_EQ(info.status(), new_info.status());
      EXPECT_EQ(sound.status(), new_sound.status());
      if (!info.ok() || !sound.ok()) return;
      EXPECT_EQ(info->sample_rate, new_info->sample_rate);
      EXPECT_EQ(info->channels, new_info->channels);
      EXPECT_EQ(info->frames, new_info->frames);
      EXPECT_EQ(sound->samples, new_sound->samples);
    }).join();
  }
  EXPECT_EQ(verify_sound_file(file("first.ogg"))->frames, 50000);
}

TEST_F(SoundFile, RefusesAnOggFileCutBetweenTwoPages) {
  write_sound(file("a.ogg"), {.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS}, sine(440.0, 22050, 60000));
  const std::string bytes = read_bytes(file("a.ogg"));
  write_bytes(file("cut.ogg"), bytes.substr(0, bytes.rfind("OggS")));
  EXPECT_THAT(refusal(file("cut.ogg")), HasSubstr("truncated"));
}

TEST_F(SoundFile, GivesSeveralSignalsFromOneDecoding) {
  write_sound(file("a.wav"), {.channels = 2}, {0.5F, -0.25F, 1.0F, 0.0F});
  const auto signals = decode(file("a.wav"), std::vector{Channel::kRight, Channel::kAverage, Channel::kLeft});
  ASSERT_TRUE(signals.ok()) << signals.status();
  ASSERT_EQ(signals->size(), 3U);
  EXPECT_THAT((*signals)[0].samples, ElementsAre(-0.25F, 0.0F));
  EXPECT_THAT((*signals)[1].samples, ElementsAre(0.125F, 0.5F));
  EXPECT_THAT((*signals)[2].samples, ElementsAre(0.5F, 1.0F));
}

TEST_F(SoundFile, RefusesSamplesThatAreTooLargeToBeSound) {
  for (const float huge : {3e38F, -1e30F, 2e10F}) {
    write_sound(file("a.wav"), {.channels = 2}, {0.1F, 0.1F, 0.1F, huge});
    EXPECT_THAT(refusal(file("a.wav")), HasSubstr("times full scale"));
  }
  write_sound(file("int32.wav"), {}, {2147483647.0F, -2147483648.0F});
  EXPECT_TRUE(decode(file("int32.wav"), Channel::kAverage).ok());
}

TEST_F(SoundFile, RefusesMoreSamplesThanFitMemoryBeforeDecodingThem) {
  write_sound(file("a.wav"), {.format = SF_FORMAT_WAV | SF_FORMAT_PCM_U8, .sample_rate = 768000},
              std::vector<float>(100, 0.0F));
  poke(file("a.wav"), 40, 600'000'000);
  fs::resize_file(file("a.wav"), 44 + 600'000'000);  // a hole: it takes no room on the disk
  EXPECT_THAT(refusal(file("a.wav")), HasSubstr("claims 600000000 samples of 1 channels"));
}

TEST_F(SoundFile, ReadsOneSample) {
  write_sound(file("a.wav"), {}, {0.5F});
  EXPECT_EQ(verify_sound_file(file("a.wav"))->frames, 1);
}

TEST_F(SoundFile, RefusesAMissingFile) {
  EXPECT_EQ(verify_sound_file(file("absent.wav")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(decode(file("absent.wav"), Channel::kLeft).status().message(),
              HasSubstr("absent.wav does not exist"));
}

TEST_F(SoundFile, RefusesFoldersAndEmptyFiles) {
  fs::create_directory(file("folder.wav"));
  EXPECT_THAT(refusal(file("folder.wav")), HasSubstr("is a folder"));
  write_bytes(file("empty.wav"), "");
  EXPECT_THAT(refusal(file("empty.wav")), HasSubstr("is empty"));
}

TEST_F(SoundFile, RefusesTextNamedAsSound) {
  const std::string text(5000, 'x');
  for (const char* name : {"text.wav", "text.mp3", "text.ogg", "text.flac", "text.vox", "text.raw"}) {
    write_bytes(file(name), "This is not sound.\n" + text);
    EXPECT_NE(refusal(file(name)), "it was read") << name;
  }
}

TEST_F(SoundFile, RefusesOtherContainers) {
  write_sound(file("a.aiff"), {.format = SF_FORMAT_AIFF | SF_FORMAT_PCM_16}, sine(440.0, 22050, 1000));
  EXPECT_THAT(refusal(file("a.aiff")), HasSubstr("is not a WAV, FLAC, OGG or MP3 file"));
}

TEST_F(SoundFile, RefusesAHeaderWithoutSamples) {
  write_sound(file("a.wav"), {.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16}, {});
  EXPECT_THAT(refusal(file("a.wav")), HasSubstr("holds no samples"));
}

TEST_F(SoundFile, RefusesTruncatedFilesOfEveryKind) {
  const std::vector<float> wave = sine(440.0, 44100, 50000);
  for (const auto& [name, format] : {std::pair{"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                                     {"b.wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
                                     {"c.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
                                     {"d.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
                                     {"e.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}}) {
    SCOPED_TRACE(name);
    write_sound(file(name), {.format = format, .sample_rate = 44100}, wave);
    ASSERT_TRUE(verify_sound_file(file(name)).ok());
    fs::resize_file(file(name), fs::file_size(file(name)) * 2 / 3);
    EXPECT_THAT(refusal(file(name)), testing::ContainsRegex("truncated|damaged"));
  }
}

TEST_F(SoundFile, RefusesADamagedFlac) {
  write_sound(file("a.flac"), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16}, sine(440.0, 22050, 50000));
  std::string bytes = read_bytes(file("a.flac"));
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2),
            bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2 + 3000), '\x55');
  write_bytes(file("a.flac"), bytes);
  EXPECT_THAT(refusal(file("a.flac")), HasSubstr("damaged"));
}

TEST_F(SoundFile, RefusesAbsurdHeaders) {
  // The canonical header: channels at byte 22, rate at 24.
  const SoundFormat pcm{.format = SF_FORMAT_WAV | SF_FORMAT_PCM_U8};
  write_sound(file("rate.wav"), pcm, sine(440.0, 22050, 8000));
  poke(file("rate.wav"), 24, 2'000'000'000);
  EXPECT_THAT(refusal(file("rate.wav")), HasSubstr("sample rate of 2000000000 Hz"));
  write_sound(file("slow.wav"), pcm, sine(440.0, 22050, 8000));
  poke(file("slow.wav"), 24, 999);
  EXPECT_THAT(refusal(file("slow.wav")), HasSubstr("sample rate of 999 Hz"));
  write_sound(file("channels.wav"), pcm, sine(440.0, 22050, 8000));
  poke(file("channels.wav"), 22, 40, 2);
  poke(file("channels.wav"), 32, 40, 2);  // bytes a frame
  EXPECT_THAT(refusal(file("channels.wav")), HasSubstr("40 channels"));
}

TEST_F(SoundFile, RefusesMoreThanAnHour) {
  write_sound(file("long.wav"), {.format = SF_FORMAT_WAV | SF_FORMAT_PCM_U8, .sample_rate = 1000},
              std::vector<float>(3'601'000, 0.0F));
  EXPECT_THAT(refusal(file("long.wav")), HasSubstr("claims to last 3601 s"));
}

TEST_F(SoundFile, RefusesSamplesThatAreNoNumbers) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> wave = sine(440.0, 22050, 70000);
    wave[69999] = bad;
    write_sound(file("a.wav"), {}, wave);
    EXPECT_THAT(refusal(file("a.wav")), HasSubstr("not finite"));
  }
}

}  // namespace
}  // namespace melsweep::audio
