#include "worker/trainer/vorbis/ogg_packets.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::vorbis {
namespace {

struct Told {
  std::size_t packets = 0;
  std::int64_t last_position = -1;
  bool ended = false;
  bool whole = false;
};

Told read_all(const std::filesystem::path& path) {
  OggPackets packets(path);
  Told told;
  while (const std::optional<OggPacket> packet = packets.next()) {
    ++told.packets;
    if (packet->position >= 0) told.last_position = packet->position;
    told.ended = packet->is_last;
  }
  told.whole = packets.whole();
  return told;
}

class OggPacketsTest : public testing::Test {
 protected:
  OggPacketsTest() {
    audio::write_sound(path(), {.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS},
                       audio::sine(440.0, 22050, 60000));
    bytes_ = audio::read_bytes(path());
  }

  std::filesystem::path path() const { return folder_.path() / "a.ogg"; }
  Told told_of(const std::string& bytes) const {
    audio::write_bytes(path(), bytes);
    return read_all(path());
  }

  std::string bytes_;

 private:
  audio::TestFolder folder_{"melsweep-ogg-packets-test"};
};

TEST_F(OggPacketsTest, GivesThePacketsToTheLast) {
  const Told told = told_of(bytes_);
  EXPECT_GT(told.packets, 3U + 60000U / 2048U);  // the headers, and blocks of at most 2,048 new samples
  EXPECT_EQ(told.last_position, 60000);
  EXPECT_TRUE(told.ended);
  EXPECT_TRUE(told.whole);
}

TEST_F(OggPacketsTest, BeginsWithVorbisIdentification) {
  OggPackets packets(path());
  const std::optional<OggPacket> first = packets.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(std::string(first->bytes.begin(), first->bytes.begin() + 7), "\x01vorbis");
  EXPECT_TRUE(first->is_first);
  EXPECT_FALSE(first->is_last);
  EXPECT_FALSE(packets.next()->is_first);
}

TEST_F(OggPacketsTest, TellsThePositionOfTheLastPageBeforehand) {
  EXPECT_EQ(OggPackets(path()).last_position(), 60000);
  audio::write_bytes(path(), bytes_.substr(0, bytes_.rfind("OggS")));
  EXPECT_EQ(OggPackets(path()).last_position(), 0);  // of the headers
  for (const std::string& bytes : {std::string(), std::string("OggS"), std::string(200000, 'x')}) {
    audio::write_bytes(path(), bytes);
    EXPECT_EQ(OggPackets(path()).last_position(), -1);
  }
}

TEST_F(OggPacketsTest, ReadsNoFileThatIsTooLarge) {
  std::filesystem::resize_file(path(), static_cast<std::uintmax_t>(OggPackets::kMaxBytes) + 1);
  EXPECT_EQ(read_all(path()).packets, 0U);
}

TEST_F(OggPacketsTest, IsNotWholeWithoutItsEnd) {
  const Told told = told_of(bytes_.substr(0, bytes_.rfind("OggS")));
  EXPECT_GE(told.packets, 3U);  // the headers
  EXPECT_FALSE(told.ended);
  EXPECT_FALSE(told.whole);
}

TEST_F(OggPacketsTest, IsNotWholeWithSomethingBehindIt) {
  for (const std::string& more : {std::string("x"), bytes_}) {
    const Told told = told_of(bytes_ + more);
    EXPECT_EQ(told.last_position, 60000);
    EXPECT_TRUE(told.ended);
    EXPECT_FALSE(told.whole);
  }
}

TEST_F(OggPacketsTest, HasNoPacketsOfWhatIsNoOgg) {
  for (const std::string& bytes : {std::string(), std::string(200000, 'x')}) {
    const Told told = told_of(bytes);
    EXPECT_EQ(told.packets, 0U);
    EXPECT_FALSE(told.whole);
  }
  EXPECT_EQ(read_all(path().parent_path() / "missing.ogg").packets, 0U);
}

}  // namespace
}  // namespace melsweep::vorbis
