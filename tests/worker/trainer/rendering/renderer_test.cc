#include "worker/trainer/rendering/renderer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/trainer/rendering/read_png.h"
#include "tests/worker/trainer/rendering/rendering_fixture.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::rendering {
namespace {

using audio::SoundCoding;
using audio::TestFolder;
using testing::HasSubstr;

class RendererTest : public testing::Test {
 protected:
  Rendering render(const RenderItem& item) {
    auto rendering = renderer_.render(item, "the digest");
    EXPECT_TRUE(rendering.ok()) << rendering.status();
    return rendering.value_or(Rendering{});
  }

  // Of a snippet as a player reads it.
  audio::SoundInfo read_back(const Rendering& rendering) {
    audio::write_bytes(folder_.path() / "snippet", rendering.bytes);
    const auto info = audio::verify_sound_file(folder_.path() / "snippet");
    EXPECT_TRUE(info.ok()) << info.status();
    return info.value_or(audio::SoundInfo{});
  }

  TestFolder folder_{"melsweep-renderer-test"};
  Renderer renderer_;
};

TEST_F(RendererTest, DrawsAToneWhereTheAxisSaysItIs) {
  for (const double hz : {1000.0, 250.0, 6000.0}) {
    for (const FeatureSettings& features : {FeatureSettings{}, hertz_features()}) {
      RenderItem item = item_of(RenderKind::kSpectrogram, write_tone(folder_.path() / "tone.wav", hz));
      item.features = features;
      const Rendering rendering = render(item);
      const ReadPng png = read_png(rendering.bytes);
      ASSERT_EQ(png.width, 640);
      ASSERT_EQ(png.height, 256);
      const double row = (1.0 - FrequencyAxis(features).position(hz)) * png.height - 0.5;
      // A tone between two bands or bins is brightest in the nearer one.
      for (const int x : {100, 320, 540}) EXPECT_NEAR(png.brightest_row(x), row, 2.0) << hz;
    }
  }
}

TEST_F(RendererTest, DescribesTheSpectrogramsAxes) {
  RenderItem item = item_of(RenderKind::kSpectrogram, write_tone(folder_.path() / "tone.wav", 1000.0));
  item.size = {.width = 320, .height = 100};
  item.features.top_db = 60.0;
  const nlohmann::ordered_json record = render(item).record;
  EXPECT_EQ(record["kind"], "spectrogram");
  EXPECT_EQ(record["sha256"], "the digest");
  EXPECT_EQ(record["duration_s"], 2.0);
  EXPECT_EQ(record["sample_rate"], 44100);
  EXPECT_EQ(record["width"], 320);
  EXPECT_EQ(record["height"], 100);
  EXPECT_EQ(record["time"]["min_s"], 0.0);
  EXPECT_EQ(record["time"]["max_s"], 2.0);
  EXPECT_EQ(record["decibels"]["min"], -60.0);
  EXPECT_EQ(record["decibels"]["max"], 0.0);
  EXPECT_EQ(record["color_map"], "magma");
  const FrequencyAxis axis(item.features);
  EXPECT_EQ(record["frequency"]["scale"], "mel");
  EXPECT_EQ(record["frequency"]["min_hz"], axis.min_hz());
  EXPECT_EQ(record["frequency"]["max_hz"], axis.max_hz());
  EXPECT_EQ(record["frequency"]["ticks"].size(), axis.ticks().size());
}

TEST_F(RendererTest, SpectrogramsAreSmallFiles) {
  // Of noise alone, which compresses worst.
  std::vector<float> noise(5 * 22050);
  std::uint32_t state = 7;
  for (float& sample : noise) {
    state = state * 1664525U + 1013904223U;
    sample = static_cast<float>(state >> 8) / static_cast<float>(1U << 24) - 0.5F;
  }
  audio::write_sound(folder_.path() / "noise.wav", {}, noise);
  RenderItem item = item_of(RenderKind::kSpectrogram, folder_.path() / "noise.wav");
  EXPECT_LT(render(item).bytes.size(), 100000U);
  item.features = hertz_features();
  EXPECT_LT(render(item).bytes.size(), 100000U);
}

TEST_F(RendererTest, DrawsAClipOfOneSample) {
  audio::write_sound(folder_.path() / "click.wav", {}, {0.5F});
  for (const FeatureSettings& features : {FeatureSettings{}, hertz_features()}) {
    RenderItem item = item_of(RenderKind::kSpectrogram, folder_.path() / "click.wav");
    item.features = features;
    EXPECT_EQ(read_png(render(item).bytes).width, 640);
  }
  EXPECT_EQ(render(item_of(RenderKind::kWaveform, folder_.path() / "click.wav")).record["peaks"].size(), 1U);
  EXPECT_EQ(read_back(render(item_of(RenderKind::kSound, folder_.path() / "click.wav"))).sample_rate, 48000);
}

TEST_F(RendererTest, AWaveformIsNumbersAlone) {
  RenderItem item = item_of(RenderKind::kWaveform, write_tone(folder_.path() / "tone.wav", 1000.0));
  item.size.width = 100;
  const Rendering rendering = render(item);
  EXPECT_EQ(rendering.bytes, "");
  EXPECT_EQ(extension(item), "");
  EXPECT_EQ(rendering.record["time"]["max_s"], 2.0);
  ASSERT_EQ(rendering.record["peaks"].size(), 100U);
  for (const auto& peak : rendering.record["peaks"]) {
    EXPECT_NEAR(peak[0].get<double>(), -0.5, 0.01);
    EXPECT_NEAR(peak[1].get<double>(), 0.5, 0.01);
  }
}

TEST_F(RendererTest, ASnippetLastsAsLongAsItsClip) {
  RenderItem item = item_of(RenderKind::kSound, write_tone(folder_.path() / "tone.wav", 1000.0));
  const Rendering opus = render(item);
  EXPECT_NEAR(read_back(opus).duration_s(), 2.0, 1e-3);
  EXPECT_EQ(opus.record["media_type"], "audio/ogg");
  EXPECT_EQ(opus.record["bytes"], opus.bytes.size());
  EXPECT_FALSE(opus.record.contains("cut_at_s"));
  EXPECT_EQ(extension(item), ".ogg");

  item.format = SoundCoding::kFlac;
  const Rendering flac = render(item);
  EXPECT_NEAR(read_back(flac).duration_s(), 2.0, 1e-3);
  EXPECT_EQ(read_back(flac).sample_rate, 22050);
  EXPECT_EQ(flac.record["media_type"], "audio/flac");
  EXPECT_EQ(extension(item), ".flac");
}

TEST_F(RendererTest, ASnippetOfALongClipIsItsBeginning) {
  RenderItem item = item_of(RenderKind::kSound, write_tone(folder_.path() / "long.wav", 1000.0, 7.5));
  for (const SoundCoding format : {SoundCoding::kOpus, SoundCoding::kFlac}) {
    item.format = format;
    const Rendering rendering = render(item);
    EXPECT_EQ(read_back(rendering).duration_s(), 5.0);
    EXPECT_EQ(rendering.record["duration_s"], 7.5);
    EXPECT_EQ(rendering.record["cut_at_s"], 5);
  }
}

TEST_F(RendererTest, FlacIsNotMadeFasterThanTheClip) {
  audio::write_sound(folder_.path() / "slow.wav", {.sample_rate = 8000}, audio::sine(440.0, 8000, 8000));
  RenderItem item = item_of(RenderKind::kSound, folder_.path() / "slow.wav");
  item.format = SoundCoding::kFlac;
  EXPECT_EQ(read_back(render(item)).sample_rate, 8000);
}

TEST_F(RendererTest, TakesTheChannelThatIsAskedFor) {
  std::vector<float> stereo;
  for (const float sample : audio::sine(1000.0, 22050, 22050)) {
    stereo.push_back(sample);
    stereo.push_back(0.0F);
  }
  audio::write_sound(folder_.path() / "stereo.wav", {.channels = 2}, stereo);
  RenderItem item = item_of(RenderKind::kWaveform, folder_.path() / "stereo.wav");
  const auto loudness = [&](Channel channel) {
    item.channel = channel;
    return render(item).record["peaks"][10][1].get<double>();
  };
  EXPECT_NEAR(loudness(Channel::kLeft), 0.5, 0.01);
  EXPECT_NEAR(loudness(Channel::kAverage), 0.25, 0.01);
  EXPECT_EQ(loudness(Channel::kRight), 0.0);
}

TEST_F(RendererTest, MakesTheSameEachTime) {
  const auto path = write_tone(folder_.path() / "tone.wav", 1000.0);
  for (const RenderKind kind : {RenderKind::kSpectrogram, RenderKind::kWaveform, RenderKind::kSound}) {
    const Rendering first = render(item_of(kind, path));
    const Rendering second = render(item_of(kind, path));
    EXPECT_EQ(first.bytes, second.bytes);
    EXPECT_EQ(first.record, second.record);
  }
}

TEST_F(RendererTest, NamesTheClipThatCannotBeUsed) {
  audio::write_bytes(folder_.path() / "text.wav", "no sound");
  const auto text = renderer_.render(item_of(RenderKind::kSound, folder_.path() / "text.wav"), "");
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("text.wav cannot be decoded"));
  RenderItem item = item_of(RenderKind::kSpectrogram, write_tone(folder_.path() / "tone.wav", 1000.0));
  item.features.n_mels = 5000;
  const auto bands = renderer_.render(item, "");
  EXPECT_THAT(std::string(bands.status().message()), HasSubstr("tone.wav: features.n_mels must be"));
}

TEST_F(RendererTest, DependsOnWhatItsDescriptionSays) {
  const RenderItem item = item_of(RenderKind::kSpectrogram, "/a.wav");
  const auto description = rendering_description(item);
  RenderItem same = item;
  same.id = "another";
  same.path = "/b.wav";
  same.format = SoundCoding::kFlac;
  same.features.image = ImageColors::kViridis;
  same.features.win_length = 2048;  // what 0 stands for
  EXPECT_EQ(rendering_description(same), description);
  RenderItem wider = item;
  wider.size.width = 641;
  EXPECT_NE(rendering_description(wider), description);
  RenderItem other = item;
  other.features.hop_length = 256;
  EXPECT_NE(rendering_description(other), description);
  RenderItem left = item;
  left.channel = Channel::kLeft;
  EXPECT_NE(rendering_description(left), description);
}

}  // namespace
}  // namespace melsweep::rendering
