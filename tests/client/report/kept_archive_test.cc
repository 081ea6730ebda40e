#include "client/report/kept_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/report/written_archive.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::report {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeptArchiveTest : public testing::Test {
 protected:
  // What the archive has of the clip's picture and of its sound.
  std::vector<Rendering> kept(const std::string& clip = "a.wav", const std::string& sha256 = "aa") {
    absl::StatusOr<KeptArchive> archive = KeptArchive::open(path_);
    EXPECT_TRUE(archive.ok()) << archive.status();
    RenderingWish picture{.id = "k-0", .path = "", .sha256 = sha256, .features = "", .clip = clip};
    RenderingWish sound = picture;
    sound.id = "k-1";
    sound.kind = RenderingKind::kSound;
    return archive->render({picture, sound}).value();
  }

  store::TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "step-9.misclassified.tar";
};

TEST_F(KeptArchiveTest, GivesPictureAndSoundOfAClip) {
  write_archive(path_, {"a.wav", "aa"});
  const std::vector<Rendering> found = kept();
  EXPECT_EQ(found[0].bytes, "picture");
  EXPECT_EQ(found[0].id, "k-0");
  EXPECT_EQ(found[0].scale, "mel");
  EXPECT_EQ(found[1].bytes, "sound");
  EXPECT_EQ(found[1].media_type, "audio/ogg");
  EXPECT_TRUE(KeptArchive::open(path_)->is_hashed());
}

TEST_F(KeptArchiveTest, SaysWhatItDoesNotHave) {
  write_archive(path_, {"a.wav", "aa"});
  EXPECT_THAT(kept("other.wav")[0].error, HasSubstr("kept nothing of this clip"));
  EXPECT_EQ(kept("lost.wav")[0].error, "it has changed");
  EXPECT_THAT(kept("a.wav", "bb")[0].error, HasSubstr("of another sound file"));
}

TEST_F(KeptArchiveTest, WhatIsNotWhatItsHashSaysIsNotShown) {
  write_archive(path_, {"a.wav", "aa"}, [](Members& members) { members["s-1.png"] = "pictUre"; });
  const std::vector<Rendering> found = kept();
  EXPECT_THAT(found[0].error, HasSubstr("damaged: s-1.png is not what its SHA-256 says"));
  EXPECT_THAT(found[0].bytes, IsEmpty());
  EXPECT_EQ(found[1].bytes, "sound");
}

TEST_F(KeptArchiveTest, ADamagedListIsNotRead) {
  write_archive(path_, {"a.wav", "aa"}, [](Members& members) { members["rendered.json"] += " "; });
  EXPECT_EQ(KeptArchive::open(path_).status().code(), absl::StatusCode::kDataLoss);
  write_archive(path_, {"a.wav", "aa"}, [](Members& members) { members.erase("rendered.json"); });
  EXPECT_EQ(KeptArchive::open(path_).status().code(), absl::StatusCode::kDataLoss);
  write_archive(path_, {"a.wav", "aa"}, [](Members& members) {
    members["rendered.json"] = R"({"items":[{"id":7}]})";
    members.erase("SHA256SUMS");
  });
  EXPECT_THAT(std::string(KeptArchive::open(path_).status().message()),
              HasSubstr("rendered.json cannot be read"));
}

TEST_F(KeptArchiveTest, ACutOffOrMissingFileIsSaid) {
  EXPECT_EQ(KeptArchive::open(path_).status().code(), absl::StatusCode::kNotFound);
  write_archive(path_, {"a.wav", "aa"});
  const auto whole = fs::file_size(path_);
  for (const std::uintmax_t bytes : {std::uintmax_t{0}, std::uintmax_t{100}, whole / 2, whole - 1024}) {
    fs::resize_file(path_, bytes);
    EXPECT_EQ(KeptArchive::open(path_).status().code(), absl::StatusCode::kDataLoss) << bytes;
    write_archive(path_, {"a.wav", "aa"});
  }
}

TEST_F(KeptArchiveTest, OneOfAnEarlierVersionHasNoHashes) {
  write_archive(path_, {"a.wav", "aa"}, [](Members& members) { members.erase("SHA256SUMS"); });
  EXPECT_FALSE(KeptArchive::open(path_)->is_hashed());
  EXPECT_EQ(kept()[0].bytes, "picture");
}

TEST_F(KeptArchiveTest, LiesWhereTheDatabaseSaysOrBesideItOrWhereItIsSaid) {
  const fs::path below = "sweep-1/trial-2/attempt-3/step-9.misclassified.tar";
  const std::string checkpoint =
      (folder_.path() / "first/sweep-1/trial-2/attempt-3/step-9.safetensors").string();
  const ArtifactPlaces places{.database = folder_.path() / "results.db"};
  EXPECT_EQ(find_archive(checkpoint, places).status().code(), absl::StatusCode::kNotFound);
  write_archive(folder_.path() / "results.db.artifacts" / below, {"a.wav", "aa"});
  EXPECT_EQ(find_archive(checkpoint, places).value(), folder_.path() / "results.db.artifacts" / below);
  write_archive(folder_.path() / "first" / below, {"a.wav", "aa"});
  EXPECT_EQ(find_archive(checkpoint, places).value(), folder_.path() / "first" / below);
  const ArtifactPlaces said{.database = places.database, .artifacts = folder_.path() / "said"};
  EXPECT_EQ(find_archive(checkpoint, said).status().code(), absl::StatusCode::kNotFound);
  write_archive(folder_.path() / "said" / below, {"a.wav", "aa"});
  EXPECT_EQ(find_archive(checkpoint, said).value(), folder_.path() / "said" / below);
}

TEST_F(KeptArchiveTest, AModelThatIsNoArtifactHasNone) {
  for (const char* checkpoint : {"", "/model.safetensors", "/sweep-1/trial-2/step-9.safetensors",
                                 "/etc/passwd", "/sweep-1/trial-2/attempt-x/step-9.safetensors"}) {
    EXPECT_EQ(find_archive(checkpoint, {}).status().code(), absl::StatusCode::kInvalidArgument) << checkpoint;
  }
}

}  // namespace
}  // namespace melsweep::report
