#include "coordinator/artifacts/artifact_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/shared/artifacts/artifact_root.h"

namespace melsweep::artifacts {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<std::string>;

const StoreId kStore{"0123456789abcdef"};

ArtifactName file(std::int64_t sweep, std::int64_t trial, std::int32_t epoch, std::int64_t step) {
  return {SweepId{sweep}, {TrialId{trial}, epoch}, step};
}

std::string place(const ArtifactName& name) {
  return path_of(name).string();
}

class ArtifactFolderTest : public testing::Test {
 protected:
  std::unique_ptr<ArtifactFolder> open() const {
    auto folder = ArtifactFolder::open(root_.path(), kStore);
    EXPECT_TRUE(folder.ok()) << folder.status();
    return folder.ok() ? *std::move(folder) : nullptr;
  }

  static absl::Status store(ArtifactFolder& folder, const ArtifactName& name, std::string_view text) {
    auto upload = folder.upload(name, content_of(text));
    if (!upload.ok()) return upload.status();
    if (absl::Status status = upload->append(bytes_of(text)); !status.ok()) return status;
    return upload->commit();
  }

  ArtifactRoot root_;
};

TEST_F(ArtifactFolderTest, IsMadeForItsOwnerAloneAndSaysWhoseItIs) {
  fs::remove(root_.path());
  ASSERT_NE(open(), nullptr);
  EXPECT_EQ(fs::status(root_.path()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(root_.at(kStoreIdFile), kStore.value + "\n");
}

TEST_F(ArtifactFolderTest, IsOpenedAgainByItsOwnDatabaseAlone) {
  ASSERT_NE(open(), nullptr);
  ASSERT_NE(open(), nullptr);
  const auto status = ArtifactFolder::open(root_.path(), StoreId{"another"}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_NE(status.message().find("--artifacts"), std::string::npos) << status;
  EXPECT_EQ(root_.at(kStoreIdFile), kStore.value + "\n");
}

TEST_F(ArtifactFolderTest, BelongsToOneCoordinatorAtATime) {
  auto first = open();
  EXPECT_TRUE(absl::IsUnavailable(ArtifactFolder::open(root_.path(), kStore).status()));
  first.reset();
  EXPECT_NE(open(), nullptr);
}

// A worker's folder below artifacts/<store>, for one, looks the same.
TEST_F(ArtifactFolderTest, DoesNotTakeASweepFolderOfUnknownOriginForItsOwn) {
  root_.put(kName, "somebody's");
  EXPECT_TRUE(absl::IsFailedPrecondition(ArtifactFolder::open(root_.path(), kStore).status()));
  EXPECT_EQ(root_.at(kName), "somebody's");
}

TEST_F(ArtifactFolderTest, TakesAFolderWithOtherThingsInIt) {
  fs::create_directories(root_.path() / "lost+found");
  EXPECT_NE(open(), nullptr);
}

TEST_F(ArtifactFolderTest, RemovesWhatWasLeftHalfWritten) {
  root_.put(fs::path(kIncomingFolder) / "sweep-1.trial-2.attempt-3.step-400.safetensors.1234.part", "half");
  root_.put(kStoreIdFile, kStore.value);
  root_.put(kName, "whole");
  ASSERT_NE(open(), nullptr);
  EXPECT_EQ(root_.files(), Files{kPlace});
}

TEST_F(ArtifactFolderTest, KeepsWhatIsUploaded) {
  const auto folder = open();
  EXPECT_FALSE(folder->has(kName, content_of("hello")).value());
  EXPECT_TRUE(absl::IsNotFound(folder->read(kName).status()));
  ASSERT_TRUE(store(*folder, kName, "hello").ok());
  EXPECT_TRUE(folder->has(kName, content_of("hello")).value());
  EXPECT_EQ(folder->read(kName).value().bytes(), 5);
  EXPECT_EQ(root_.files(), Files{kPlace});
  EXPECT_TRUE(absl::IsDataLoss(folder->upload(kName, content_of("hello")).value().commit()));
  EXPECT_EQ(root_.files(), Files{kPlace});
}

TEST_F(ArtifactFolderTest, RefusesWhatWouldFillTheDisk) {
  constexpr std::int64_t kMiB = std::int64_t{1} << 20;
  Space space{.available = 10 * kMiB, .total = 100 * kMiB};
  const auto opened = ArtifactFolder::open(root_.path(), kStore, [&](const files::Folder&) { return space; });
  ASSERT_TRUE(opened.ok()) << opened.status();
  ArtifactFolder& folder = **opened;
  const ArtifactContent most{.bytes = 5 * kMiB, .sha256 = files::sha256("")};
  EXPECT_TRUE(absl::IsResourceExhausted(folder.upload(kName, {5 * kMiB + 1, most.sha256}).status()));
  {
    const auto upload = folder.upload(kName, most);
    ASSERT_TRUE(upload.ok()) << upload.status();
    EXPECT_TRUE(absl::IsResourceExhausted(folder.upload(kName, content_of("x")).status()))
        << "the room is promised";
  }
  EXPECT_TRUE(folder.upload(kName, most).ok()) << "the promise ends with the upload";
  EXPECT_TRUE(root_.files().empty());
  space.available = 0;
  EXPECT_TRUE(absl::IsResourceExhausted(store(folder, kName, "")));
}

TEST_F(ArtifactFolderTest, CountsNoByteTwiceThatIsWritten) {
  Space space{.available = 1'000, .total = 2'000};  // 900 may be used
  const auto opened = ArtifactFolder::open(root_.path(), kStore, [&](const files::Folder&) { return space; });
  ASSERT_TRUE(opened.ok()) << opened.status();
  const std::string text(500, 'x');
  auto upload = (*opened)->upload(kName, content_of(text));
  ASSERT_TRUE(upload.ok()) << upload.status();
  ASSERT_TRUE(upload->append(bytes_of(text)).ok());
  space.available -= 500;
  EXPECT_TRUE((*opened)->upload(kName, {400, files::sha256("")}).ok());
}

TEST_F(ArtifactFolderTest, RemovesWhatItIsToldToAndTheFoldersThatAreEmptyThen) {
  const auto folder = open();
  const std::vector<ArtifactName> all = {file(1, 1, 1, 10), file(1, 1, 1, 20), file(1, 1, 2, 20),
                                         file(1, 2, 1, 10)};
  for (const ArtifactName& name : all) ASSERT_TRUE(store(*folder, name, "x").ok());
  folder->remove({.names = {all[0]}});
  EXPECT_EQ(root_.files(), (Files{place(all[1]), place(all[2]), place(all[3])}));
  folder->remove({.names = {all[0], all[1], file(9, 9, 9, 9)}});
  EXPECT_EQ(root_.files(), (Files{place(all[2]), place(all[3])}));
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1/trial-1/attempt-1"));
  folder->remove({.names = {all[2], all[3]}});
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1"));
  ASSERT_TRUE(store(*folder, all[0], "again").ok());
  EXPECT_EQ(root_.at(all[0]), "again");
}

// A folder that is empty may be removed between its making and the file's coming.
TEST_F(ArtifactFolderTest, KeepsWhatIsUploadedWhileOthersAreRemoved) {
  const auto folder = open();
  const auto store_and_remove = [&](const ArtifactName& name) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_EQ(store(*folder, name, "x"), absl::OkStatus());
      EXPECT_TRUE(folder->has(name, content_of("x")).value());
      folder->remove({.names = {name}});
    }
  };
  std::thread other(store_and_remove, file(1, 1, 1, 10));
  store_and_remove(file(1, 1, 1, 20));
  other.join();
  EXPECT_TRUE(root_.files().empty());
}

TEST_F(ArtifactFolderTest, KeepsWhatIsReferredToAndWhatRuns) {
  const auto folder = open();
  const ArtifactName referenced = file(1, 1, 1, 10);
  const ArtifactName running = file(1, 2, 2, 30);
  for (const ArtifactName& name :
       {referenced, running, file(1, 1, 1, 20), file(1, 2, 1, 30), file(2, 3, 1, 10)}) {
    ASSERT_TRUE(store(*folder, name, "x").ok());
  }
  folder->remove_unreferenced({referenced}, {running.attempt});
  EXPECT_EQ(root_.files(), (Files{place(referenced), place(running)}));
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-2"));
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1/trial-2/attempt-1"));
}

TEST_F(ArtifactFolderTest, RemovesWhatEndedAttemptsLeftBehind) {
  const auto folder = open();
  const ArtifactName checkpoint = file(1, 1, 1, 10);
  const ArtifactName of_a_later_attempt = file(1, 1, 3, 10);
  const ArtifactName of_another_trial = file(1, 2, 1, 10);
  for (const auto& name :
       {checkpoint, file(1, 1, 1, 20), file(1, 1, 2, 20), of_a_later_attempt, of_another_trial})
    root_.put(name, "x");
  folder->remove({.leftovers = {{SweepId{1}, {TrialId{1}, 2}, {checkpoint}}}});
  EXPECT_EQ(root_.files(), (Files{place(checkpoint), place(of_a_later_attempt), place(of_another_trial)}));
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1/trial-1/attempt-2"));
}

// What belongs to a checkpoint, by the same rules.
TEST_F(ArtifactFolderTest, KeepsWhatWasMisclassifiedAsLongAsItsModel) {
  const auto folder = open();
  const auto beside = [](ArtifactName name) {
    name.kind = ArtifactKind::kMisclassified;
    return name;
  };
  const ArtifactName kept = file(1, 1, 2, 20);
  const ArtifactName obsolete = file(1, 1, 2, 10);
  const ArtifactName left = file(1, 1, 1, 20);
  const ArtifactName unreferenced = file(2, 3, 1, 10);
  for (const ArtifactName& name : {kept, obsolete, left, unreferenced}) {
    ASSERT_TRUE(store(*folder, name, "model").ok());
    ASSERT_TRUE(store(*folder, beside(name), "pictures").ok());
  }
  folder->remove({.names = {obsolete}});
  EXPECT_EQ(root_.at(beside(obsolete)), "(none)");
  EXPECT_EQ(root_.at(beside(left)), "pictures");
  folder->remove({.leftovers = {{SweepId{1}, {TrialId{1}, 2}, {kept}}}});
  EXPECT_EQ(root_.at(beside(left)), "(none)");
  EXPECT_EQ(root_.at(beside(unreferenced)), "pictures");
  folder->remove_unreferenced({kept}, {});
  EXPECT_EQ(root_.files(), (Files{place(beside(kept)), place(kept)}));
  folder->remove({.names = {kept}});
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1"));
}

// Its model never came.
TEST_F(ArtifactFolderTest, RemovesWhatWasMisclassifiedByNoModel) {
  const auto folder = open();
  ArtifactName alone = file(1, 1, 1, 20);
  alone.kind = ArtifactKind::kMisclassified;
  ASSERT_TRUE(store(*folder, alone, "pictures").ok());
  folder->remove_unreferenced({}, {alone.attempt});
  EXPECT_EQ(root_.files(), Files{place(alone)});
  folder->remove({.leftovers = {{SweepId{1}, alone.attempt, {}}}});
  EXPECT_TRUE(root_.files().empty());
}

TEST_F(ArtifactFolderTest, LeavesAloneWhatIsNotItsOwn) {
  const auto folder = open();
  const Files strange = {"notes.txt", "sweep-1/notes.txt", "sweep-1/trial-1/attempt-1/step-1.txt",
                         "sweep-x/trial-1/attempt-1/step-1.safetensors"};
  for (const std::string& name : strange) root_.put(name, "mine");
  root_.put(file(1, 1, 1, 10), "x");
  folder->remove_unreferenced({}, {});
  EXPECT_EQ(root_.files(), strange);
}

// Whoever shares the folder may put links there.
TEST_F(ArtifactFolderTest, RemovesNothingBeyondALink) {
  const auto folder = open();
  const fs::path outside = root_.outside() / "elsewhere";
  const fs::path victim = outside / "trial-1/attempt-1/step-10.safetensors";
  ASSERT_TRUE(files::write_atomically(victim, "untouched").ok());
  fs::create_directory_symlink(outside, root_.path() / "sweep-1");
  fs::create_directories(root_.path() / "sweep-2");
  fs::create_directory_symlink(outside / "trial-1", root_.path() / "sweep-2/trial-1");
  fs::create_directories(root_.path() / "sweep-3/trial-1");
  fs::create_directory_symlink(outside / "trial-1/attempt-1", root_.path() / "sweep-3/trial-1/attempt-1");
  fs::create_directories(root_.path() / "sweep-4/trial-1/attempt-1");
  fs::create_symlink(victim, root_.path() / place(file(4, 1, 1, 10)));
  for (std::int64_t sweep = 1; sweep <= 4; ++sweep) {
    folder->remove({.names = {file(sweep, 1, 1, 10)}});
  }
  folder->remove_unreferenced({}, {});
  EXPECT_EQ(files::read_file(victim, 100).value_or("(none)"), "untouched");
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-4")) << "the link itself is gone";
}

}  // namespace
}  // namespace melsweep::artifacts
