#include "worker/trainer/dataset/synth/wave_writer.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include <vector>

#include "tests/worker/trainer/dataset/data_folder.h"

namespace melsweep::synth {
namespace {

struct Case {
  SampleFormat samples;
  int subtype;
  float tolerance;
};

TEST(WaveWriter, WritesEverySampleFormat) {
  const std::vector<float> sound = {0.0F, 0.25F, -0.5F, 0.75F, 0.125F, -0.9F};
  for (const Case& each : {Case{SampleFormat::kUint8, SF_FORMAT_PCM_U8, 0.01F},
                           Case{SampleFormat::kInt16, SF_FORMAT_PCM_16, 1e-4F},
                           Case{SampleFormat::kInt24, SF_FORMAT_PCM_24, 1e-6F},
                           Case{SampleFormat::kFloat32, SF_FORMAT_FLOAT, 0.0F}}) {
    const dataset::DataFolder folder;
    const auto bytes = encode_wave({.sample_rate = 11025, .channels = 2, .samples = each.samples}, sound);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    folder.write("x.wav", *bytes);
    SF_INFO info{};
    SNDFILE* file = sf_open(folder.path("x.wav").c_str(), SFM_READ, &info);
    ASSERT_NE(file, nullptr);
    std::vector<float> read(6);
    EXPECT_EQ(sf_readf_float(file, read.data(), 10), 3);
    sf_close(file);
    EXPECT_EQ(info.samplerate, 11025);
    EXPECT_EQ(info.channels, 2);
    EXPECT_EQ(info.format & SF_FORMAT_SUBMASK, each.subtype);
    for (std::size_t i = 0; i < sound.size(); ++i) EXPECT_NEAR(read[i], sound[i], each.tolerance);
  }
}

TEST(WaveWriter, LeavesOutTheTimeOfWriting) {
  const std::vector<float> sound(100, 0.5F);
  const auto bytes =
      encode_wave({.sample_rate = 8000, .channels = 1, .samples = SampleFormat::kFloat32}, sound);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->find("PEAK"), std::string::npos);
}

TEST(WaveWriter, RefusesAFormatThatCannotBe) {
  EXPECT_FALSE(encode_wave({.sample_rate = 8000, .channels = 0}, {}).ok());
}

}  // namespace
}  // namespace melsweep::synth
