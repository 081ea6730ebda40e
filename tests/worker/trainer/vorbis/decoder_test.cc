#include "worker/trainer/vorbis/decoder.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/vorbis/libavcodec_decoder.h"
#include "tests/worker/trainer/vorbis/written_vorbis.h"

namespace melsweep::vorbis {
namespace {

using Packets = std::vector<std::vector<unsigned char>>;

Packets encoded(const VorbisFormat& format, unsigned seed = 1) {
  const audio::TestFolder folder("melsweep-vorbis-decoder-test");
  write_vorbis(folder.path() / "a.ogg", format, eventful_sound(40000, format.channels, seed));
  return packets_of(folder.path() / "a.ogg");
}

Decoder decoder_of(const Packets& packets) {
  const std::optional<Identification> stream = read_identification(packets[0]);
  std::optional<Setup> setup = read_setup(packets[2], stream.value());
  return {*stream, std::move(setup).value()};
}

std::vector<float> decoded(Decoder& decoder, const Packets& packets) {
  std::vector<float> samples;
  decoder.begin();
  for (std::size_t i = 3; i < packets.size(); ++i) {
    const auto block = decoder.decode(packets[i]);
    EXPECT_TRUE(block.has_value()) << "packet " << i;
    if (block) samples.insert(samples.end(), block->begin(), block->end());
  }
  return samples;
}

TEST(Decoder, GivesTheVerySamplesThatLibavcodecGives) {
  for (const int channels : {1, 2}) {
    for (const int rate : {8000, 16000, 22050, 44100, 96000}) {
      for (const double quality : {0.0, 0.4, 1.0}) {
        SCOPED_TRACE(absl::StrCat(channels, " channels, ", rate, " Hz, quality ", quality));
        const Packets packets = encoded({.sample_rate = rate, .channels = channels, .quality = quality});
        Decoder decoder = decoder_of(packets);
        EXPECT_EQ(decoded(decoder, packets), decoded_by_libavcodec(packets));
      }
    }
  }
}

TEST(Decoder, BeginsAnewWithoutATraceOfWhatWasBefore) {
  const Packets first = encoded({}, 1);
  const Packets second = encoded({}, 2);
  ASSERT_EQ(first[2], second[2]);  // one set-up
  Decoder fresh = decoder_of(second);
  const std::vector<float> expected = decoded(fresh, second);
  Decoder used = decoder_of(first);
  decoded(used, first);
  EXPECT_EQ(decoded(used, second), expected);
  // After a packet that could not be decoded, and in the middle of a stream.
  used.decode(first[4]);
  EXPECT_FALSE(used.decode(std::span(first[5]).first(2)).has_value());
  EXPECT_EQ(decoded(used, second), expected);
}

TEST(Decoder, RefusesPacketsThatAreNotWhole) {
  const Packets packets = encoded({.channels = 2});
  Decoder decoder = decoder_of(packets);
  for (std::size_t size = 0; size + 1 < packets[5].size(); ++size) {
    decoder.begin();
    EXPECT_FALSE(decoder.decode(std::span(packets[5]).first(size)).has_value()) << size;
  }
}

TEST(Decoder, RefusesPacketsThatAreNoSound) {
  const Packets packets = encoded({});
  Decoder decoder = decoder_of(packets);
  for (int header = 0; header < 3; ++header)
    EXPECT_FALSE(decoder.decode(packets[static_cast<std::size_t>(header)]).has_value());
}

// Bit 1 is the mode, here that of long blocks, and bit 2 says whether the block before was long.
TEST(Decoder, RefusesABlockThatFollowsAnotherThanItSays) {
  const Packets packets = encoded({});
  Decoder decoder = decoder_of(packets);
  std::size_t tried = 0;
  for (std::size_t i = 4; i < packets.size(); ++i) {
    if ((packets[i][0] & 2) == 0) continue;
    std::vector<unsigned char> changed = packets[i];
    changed[0] ^= 4;
    decoder.begin();
    ASSERT_TRUE(decoder.decode(packets[i - 1]).has_value());
    EXPECT_FALSE(decoder.decode(changed).has_value());
    ++tried;
  }
  EXPECT_GT(tried, 5U);
}

}  // namespace
}  // namespace melsweep::vorbis
