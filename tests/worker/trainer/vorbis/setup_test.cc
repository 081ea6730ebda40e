#include "worker/trainer/vorbis/setup.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/vorbis/written_vorbis.h"

namespace melsweep::vorbis {
namespace {

using Packet = std::vector<unsigned char>;

class SetupTest : public testing::Test {
 protected:
  std::vector<Packet> packets(const VorbisFormat& format) const {
    audio::TestFolder folder("melsweep-vorbis-setup-test");
    write_vorbis(folder.path() / "a.ogg", format, eventful_sound(9000, format.channels, 1));
    return packets_of(folder.path() / "a.ogg");
  }
};

TEST_F(SetupTest, ReadsTheIdentification) {
  const std::optional<Identification> stream =
      read_identification(packets({.sample_rate = 44100, .channels = 2})[0]);
  ASSERT_TRUE(stream.has_value());
  EXPECT_EQ(stream->sample_rate, 44100);
  EXPECT_EQ(stream->channels, 2);
  EXPECT_EQ(stream->blocks[0], 256U);
  EXPECT_EQ(stream->blocks[1], 2048U);
}

TEST_F(SetupTest, RefusesAnIdentificationThatIsNotWellFormed) {
  const Packet good = packets({})[0];
  const auto changed = [&good](std::size_t at, int value) {
    Packet packet = good;
    packet[at] = static_cast<unsigned char>(value);
    return read_identification(packet).has_value();
  };
  EXPECT_TRUE(changed(11, 2));
  EXPECT_FALSE(changed(11, 0));  // channels
  EXPECT_FALSE(changed(11, 3));
  EXPECT_FALSE(changed(0, 3));  // the type of the header
  EXPECT_FALSE(changed(6, 'S'));
  EXPECT_FALSE(changed(7, 1));      // the version
  EXPECT_FALSE(changed(15, 0x80));  // the rate's highest byte
  EXPECT_FALSE(changed(28, 0x5b));  // blocks of 2048 and 32
  EXPECT_FALSE(changed(28, 0x8b));  // the long ones shorter than the short ones
  EXPECT_FALSE(changed(28, 0xeb));
  EXPECT_FALSE(changed(29, 0));  // the framing bit
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(read_identification(std::span(good).first(size)).has_value());
}

TEST_F(SetupTest, TakesCommentsThatLibvorbisTakes) {
  const Packet written = packets({})[1];
  EXPECT_TRUE(is_comment_header(written));
  for (std::size_t size = 0; size < written.size(); ++size)
    EXPECT_FALSE(is_comment_header(std::span(written).first(size)));

  const std::string none("\x03vorbis\0\0\0\0\0\0\0\0\x01", 16);
  EXPECT_TRUE(is_comment_header(Packet(none.begin(), none.end())));
  for (const auto& [at, value] : {std::pair{0, 1}, {15, 0}, {7, 5}, {11, 1}, {14, 0x80}}) {
    Packet packet(none.begin(), none.end());
    packet[static_cast<std::size_t>(at)] = static_cast<unsigned char>(value);
    EXPECT_FALSE(is_comment_header(packet)) << at;
  }
}

TEST_F(SetupTest, ReadsTheSetUpOfEveryKindOfEncoding) {
  for (const int channels : {1, 2}) {
    for (const int rate : {8000, 16000, 32000, 48000}) {
      for (const double quality : {0.0, 0.5, 1.0}) {
        SCOPED_TRACE(absl::StrCat(channels, " channels, ", rate, " Hz, quality ", quality));
        const std::vector<Packet> all =
            packets({.sample_rate = rate, .channels = channels, .quality = quality});
        const std::optional<Identification> stream = read_identification(all[0]);
        ASSERT_TRUE(stream.has_value());
        const auto setup = read_setup(all[2], *stream);
        ASSERT_TRUE(setup.has_value());
        EXPECT_GE(setup->books.size(), 10U);
        EXPECT_GE(setup->modes.size(), 1U);
        EXPECT_EQ(setup->mappings[0].couplings.empty(), channels == 1);
      }
    }
  }
}

TEST_F(SetupTest, RefusesASetUpThatEndsTooEarlyOrIsAnother) {
  const std::vector<Packet> all = packets({});
  const std::optional<Identification> stream = read_identification(all[0]);
  ASSERT_TRUE(stream.has_value());
  for (std::size_t size = 0; size < all[2].size(); size += 7)
    EXPECT_FALSE(read_setup(std::span(all[2]).first(size), *stream).has_value());
  EXPECT_FALSE(read_setup(all[1], *stream).has_value());
}

}  // namespace
}  // namespace melsweep::vorbis
