#include "worker/trainer/audio/ogg_serial.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::audio {
namespace {

// Of the Opus file of one tone, as libsndfile writes it: with a serial number drawn at random.
std::string opus_file(const TestFolder& folder) {
  const std::filesystem::path path = folder.path() / "tone.ogg";
  write_sound(path, {.format = SF_FORMAT_OGG | SF_FORMAT_OPUS, .sample_rate = 48000},
              sine(440.0, 48000, 9000));
  return read_bytes(path);
}

TEST(OggSerial, IsTheOnlyThingThatDiffers) {
  const TestFolder folder("melsweep-ogg-serial");
  std::string first = opus_file(folder);
  std::string second = first;
  ASSERT_TRUE(set_ogg_serial(first, 1).ok());
  ASSERT_TRUE(set_ogg_serial(second, 2).ok());
  EXPECT_NE(first, second);
  ASSERT_TRUE(set_ogg_serial(second, 1).ok());
  EXPECT_EQ(first, second);
}

TEST(OggSerial, LeavesAFileThatDecodersTake) {
  const TestFolder folder("melsweep-ogg-serial");
  std::string file = opus_file(folder);
  const auto before = verify_sound_file(folder.path() / "tone.ogg");
  ASSERT_TRUE(set_ogg_serial(file, 0x01020304).ok());
  EXPECT_EQ(file.substr(14, 4), "\x04\x03\x02\x01");
  write_bytes(folder.path() / "tone.ogg", file);
  const auto after = verify_sound_file(folder.path() / "tone.ogg");
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->frames, before->frames);
}

TEST(OggSerial, RefusesWhatIsNoWholeOggFile) {
  const TestFolder folder("melsweep-ogg-serial");
  std::string cut = opus_file(folder);
  cut.pop_back();
  std::string nothing;
  std::string other = "RIFF and so on, more than a page's header is long";
  for (std::string* file : {&cut, &nothing, &other}) {
    EXPECT_TRUE(absl::IsInvalidArgument(set_ogg_serial(*file, 1)));
  }
}

}  // namespace
}  // namespace melsweep::audio
