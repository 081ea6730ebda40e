#include "worker/trainer/vorbis/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/worker/trainer/vorbis/libavcodec_encoder.h"
#include "tests/worker/trainer/vorbis/written_vorbis.h"

namespace melsweep::vorbis {
namespace {

namespace fs = std::filesystem;
using audio::read_bytes;
using audio::write_bytes;

std::vector<float> by_libsndfile(const fs::path& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  std::vector<float> interleaved(static_cast<std::size_t>(info.frames * info.channels));
  const sf_count_t read = sf_readf_float(file, interleaved.data(), info.frames);
  sf_close(file);
  interleaved.resize(static_cast<std::size_t>(read * info.channels));
  return interleaved;
}

// What a decoding gave, as far as it came.
struct Taken {
  std::vector<float> samples;
  std::optional<StreamInfo> promised;
  Receiver receiver() {
    return {.begin =
                [this](const StreamInfo& stream) {
                  promised = stream;
                  return true;
                },
            .take =
                [this](std::span<const float> block) {
                  samples.insert(samples.end(), block.begin(), block.end());
                  return true;
                }};
  }
};

using Samples = std::optional<std::vector<float>>;

Samples decoded(const fs::path& path, const StreamInfo& found) {
  Taken taken;
  return decode(path, found, taken.receiver()) ? Samples(taken.samples) : std::nullopt;
}

Samples known_decoded(const fs::path& path) {
  Taken taken;
  return decode_known(path, taken.receiver()) ? Samples(taken.samples) : std::nullopt;
}

// Each on a thread of its own, which knows nothing yet.
class VorbisFile : public testing::Test {
 protected:
  static constexpr std::int64_t kFrames = 44100;
  static constexpr StreamInfo kOrdinary = {.sample_rate = 22050, .channels = 1, .frames = kFrames};

  fs::path file(const std::string& name) const { return folder_.path() / name; }

  fs::path write(const std::string& name, const VorbisFormat& format, std::size_t frames = kFrames,
                 unsigned seed = 1) const {
    write_vorbis(file(name), format, eventful_sound(frames, format.channels, seed));
    return file(name);
  }

  // Two seconds in one channel, in a dozen pages.
  std::string ordinary_bytes() const { return read_bytes(write("ordinary.ogg", {})); }

  // Where these bytes are the file, and libvorbis found so much in it.
  Samples decoded_bytes(const std::string& bytes, const StreamInfo& found = kOrdinary) const {
    write_bytes(file("a.ogg"), bytes);
    return decoded(file("a.ogg"), found);
  }

  // The same, where its headers are known.
  Samples known_decoded_bytes(const std::string& bytes) const {
    write_bytes(file("a.ogg"), bytes);
    return known_decoded(file("a.ogg"));
  }

  static void on_another_thread(const std::function<void()>& work) { std::thread(work).join(); }

 private:
  audio::TestFolder folder_{"melsweep-vorbis-file-test"};
};

// The reference is libvorbis, through libsndfile.
TEST_F(VorbisFile, DecodesWhatLibvorbisDecodes) {
  for (const int channels : {1, 2}) {
    for (const int rate : {8000, 22050, 44100, 96000}) {
      for (const std::int64_t frames : {1, 100, 1024, 5000, 70001}) {
        SCOPED_TRACE(absl::StrCat(frames, " frames of ", channels, " channels at ", rate, " Hz"));
        write("a.ogg", {.sample_rate = rate, .channels = channels}, static_cast<std::size_t>(frames));
        const std::vector<float> expected = by_libsndfile(file("a.ogg"));
        const Samples samples =
            decoded(file("a.ogg"), {.sample_rate = rate, .channels = channels, .frames = frames});
        ASSERT_TRUE(samples.has_value());
        EXPECT_THAT(*samples, testing::Pointwise(testing::FloatNear(1e-6F), expected));
      }
    }
  }
}

TEST_F(VorbisFile, DecodesWhatAnotherEncoderThanLibvorbisHasWritten) {
  for (const int quality : {1, 5, 9}) {
    const std::int64_t frames =
        write_by_libavcodec(file("a.ogg"), 44100, quality, eventful_sound(40000, 2, 1));
    ASSERT_GT(frames, 30000);
    const std::vector<float> expected = by_libsndfile(file("a.ogg"));
    const Samples samples = decoded(file("a.ogg"), {.sample_rate = 44100, .channels = 2, .frames = frames});
    ASSERT_TRUE(samples.has_value());
    EXPECT_THAT(*samples, testing::Pointwise(testing::FloatNear(1e-6F), expected));
  }
}

TEST_F(VorbisFile, SaysBeforehandWhatThereWillBe) {
  write("a.ogg", {.sample_rate = 48000, .channels = 2}, 5000);
  const StreamInfo found = {.sample_rate = 48000, .channels = 2, .frames = 5000};
  Taken taken;
  EXPECT_EQ(decode(file("a.ogg"), found, taken.receiver()), found);
  EXPECT_EQ(taken.promised, found);
  Taken known;
  EXPECT_EQ(decode_known(file("a.ogg"), known.receiver()), found);
  EXPECT_EQ(known.promised, found);
}

TEST_F(VorbisFile, StopsWhereTheReceiverRefuses) {
  write("a.ogg", {});
  Receiver at_the_beginning = Taken().receiver();
  at_the_beginning.begin = [](const StreamInfo&) { return false; };
  at_the_beginning.take = [](std::span<const float>) -> bool {
    throw std::logic_error("taken all the same");
  };
  EXPECT_FALSE(decode(file("a.ogg"), kOrdinary, at_the_beginning).has_value());
  int blocks = 0;
  const Receiver later = {.begin = [](const StreamInfo&) { return true; },
                          .take = [&blocks](std::span<const float>) { return ++blocks < 3; }};
  EXPECT_FALSE(decode(file("a.ogg"), kOrdinary, later).has_value());
  EXPECT_EQ(blocks, 3);
}

TEST_F(VorbisFile, KnowsTheHeadersOfFilesThatItsThreadHasDecoded) {
  const fs::path first = write("first.ogg", {}, kFrames, 1);
  const fs::path second = write("second.ogg", {}, 30000, 2);
  const fs::path other_quality = write("other.ogg", {.quality = 0.7});
  const fs::path other_rate = write("rate.ogg", {.sample_rate = 24000});
  on_another_thread([&] {
    EXPECT_FALSE(known_decoded(first).has_value());
    const Samples samples = decoded(first, kOrdinary);
    ASSERT_TRUE(samples.has_value());
    EXPECT_EQ(known_decoded(first), samples);
    EXPECT_FALSE(known_decoded(other_quality).has_value());
    EXPECT_FALSE(known_decoded(other_rate).has_value());
    const Samples known = known_decoded(second);
    on_another_thread([&] {
      EXPECT_FALSE(known_decoded(second).has_value());
      EXPECT_EQ(decoded(second, {.sample_rate = 22050, .channels = 1, .frames = 30000}), known);
    });
  });
}

TEST_F(VorbisFile, DoesNotKnowTheHeadersOfFilesThatItCouldNotDecode) {
  const fs::path path = write("a.ogg", {});
  on_another_thread([&] {
    EXPECT_FALSE(decoded(path, {.sample_rate = 22050, .channels = 1, .frames = kFrames + 1}).has_value());
    EXPECT_FALSE(known_decoded(path).has_value());
  });
}

TEST_F(VorbisFile, ForgetsTheHeadersThatItHasNotSeenForLongest) {
  std::vector<fs::path> paths;
  for (int i = 0; i < 5; ++i)
    paths.push_back(write(absl::StrCat(i, ".ogg"), {.sample_rate = 20000 + i}, 9000));
  on_another_thread([&] {
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(decoded(paths[static_cast<std::size_t>(i)],
                          {.sample_rate = 20000 + i, .channels = 1, .frames = 9000}));
      EXPECT_TRUE(known_decoded(paths[0]) || i == 5);
    }
    EXPECT_FALSE(known_decoded(paths[1]).has_value());
    EXPECT_TRUE(known_decoded(paths[4]).has_value());
  });
}

TEST_F(VorbisFile, GivesTheSameAfterADamagedFile) {
  const std::string bytes = ordinary_bytes();
  on_another_thread([&] {
    const Samples samples = decoded_bytes(bytes);
    ASSERT_TRUE(samples.has_value());
    std::string damaged = bytes;
    damaged[bytes.size() / 2] = static_cast<char>(damaged[bytes.size() / 2] ^ 0x55);
    EXPECT_FALSE(known_decoded_bytes(damaged).has_value());
    EXPECT_EQ(known_decoded_bytes(bytes), samples);
  });
}

TEST_F(VorbisFile, LeavesOtherFramesAndChannelsThanWereFound) {
  const std::string bytes = ordinary_bytes();
  EXPECT_TRUE(decoded_bytes(bytes).has_value());
  EXPECT_FALSE(decoded_bytes(bytes, {.sample_rate = 22050, .channels = 2, .frames = kFrames}).has_value());
  EXPECT_FALSE(decoded_bytes(bytes, {.sample_rate = 44100, .channels = 1, .frames = kFrames}).has_value());
  for (const std::int64_t frames : {std::int64_t{0}, kFrames - 1, kFrames + 1})
    EXPECT_FALSE(decoded_bytes(bytes, {.sample_rate = 22050, .channels = 1, .frames = frames}).has_value());
}

TEST_F(VorbisFile, LeavesMoreThanTwoChannels) {
  write("a.ogg", {.channels = 3}, 10000);
  EXPECT_FALSE(decoded(file("a.ogg"), {.sample_rate = 22050, .channels = 3, .frames = 10000}).has_value());
}

TEST_F(VorbisFile, LeavesOtherCodecs) {
  const audio::SoundFormat opus = {.format = SF_FORMAT_OGG | SF_FORMAT_OPUS, .sample_rate = 48000};
  audio::write_sound(file("a.ogg"), opus, eventful_sound(kFrames, 1, 3));
  EXPECT_FALSE(decoded(file("a.ogg"), {.sample_rate = 48000, .channels = 1, .frames = kFrames}).has_value());
  audio::write_sound(file("a.wav"), {}, eventful_sound(kFrames, 1, 3));
  EXPECT_FALSE(decoded(file("a.wav"), kOrdinary).has_value());
  EXPECT_FALSE(decoded(file("missing.ogg"), kOrdinary).has_value());
}

TEST_F(VorbisFile, LeavesDamagedFiles) {
  const std::string bytes = ordinary_bytes();
  ASSERT_TRUE(decoded_bytes(bytes).has_value());
  for (const std::size_t at : {std::size_t{40}, bytes.size() / 4, bytes.size() / 2, bytes.size() - 5}) {
    SCOPED_TRACE(at);
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    EXPECT_FALSE(decoded_bytes(damaged).has_value());
    EXPECT_FALSE(known_decoded_bytes(damaged).has_value());
    EXPECT_FALSE(known_decoded_bytes(bytes.substr(0, at)).has_value());
  }
}

// A page that is gone, in the middle and at the end; another file behind it; something behind it.
TEST_F(VorbisFile, LeavesWhatIsNoSingleWholeStream) {
  const std::string bytes = ordinary_bytes();
  ASSERT_TRUE(decoded_bytes(bytes).has_value());
  const std::size_t last = bytes.rfind("OggS");
  const std::size_t before = bytes.rfind("OggS", last - 1);
  for (const std::string& odd : {bytes.substr(0, last), bytes.substr(0, before) + bytes.substr(last),
                                 bytes + bytes, bytes + "a tag"}) {
    EXPECT_FALSE(decoded_bytes(odd).has_value());
    EXPECT_FALSE(known_decoded_bytes(odd).has_value());
  }
}

// What libvorbis makes of a stream whose first page of sound was cut off, or that begins later than at 0, it
// counts in another way.
TEST_F(VorbisFile, LeavesAStreamThatBeginsElsewhere) {
  const std::string bytes = ordinary_bytes();
  ASSERT_TRUE(decoded_bytes(bytes).has_value());
  std::vector<std::size_t> pages;
  for (std::size_t at = 0; (at = bytes.find("OggS", at)) != std::string::npos; ++at) pages.push_back(at);
  ASSERT_GE(pages.size(), 5U);
  // The identification, then the other headers, then sound.
  const std::string odd = bytes.substr(0, pages[2]) + bytes.substr(pages[3]);
  EXPECT_FALSE(decoded_bytes(odd).has_value());
  EXPECT_FALSE(known_decoded_bytes(odd).has_value());
}

}  // namespace
}  // namespace melsweep::vorbis
