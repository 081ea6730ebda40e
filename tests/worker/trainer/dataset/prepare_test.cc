#include "worker/trainer/dataset/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/files/digest.h"
#include "tests/worker/trainer/dataset/data_folder.h"
#include "worker/trainer/dataset/partition.h"

namespace melsweep::dataset {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A manifest of `folds` folds with a dog and a cat in each, and its files.
DatasetSpec pets(const DataFolder& folder, int folds) {
  std::string table = "path,label,fold\n";
  for (int fold = 1; fold <= folds; ++fold) {
    for (const char* pet : {"dog", "cat"}) {
      const std::string name = pet + std::to_string(fold) + ".wav";
      table += name + "," + pet + "," + std::to_string(fold) + "\n";
      folder.sound(name, 2 * fold + (pet[0] == 'd' ? 1 : 0));
    }
  }
  folder.write("pets.csv", table);
  DatasetSpec spec;
  spec.format = DatasetFormat::kCsv;
  spec.path = folder.path("pets.csv");
  spec.split.validation_folds = {1};
  return spec;
}

std::string error_of(const DatasetSpec& spec) {
  const auto report = prepare_dataset(spec, {});
  EXPECT_FALSE(report.ok());
  return std::string(report.status().message());
}

TEST(Prepare, ReportsEveryClip) {
  const DataFolder folder;
  const DatasetSpec spec = pets(folder, 3);
  const auto report = prepare_dataset(spec, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->classes, ElementsAre("cat", "dog"));
  ASSERT_EQ(report->clips.size(), 6U);
  const Clip& dog = report->clips[3];
  EXPECT_EQ(dog, (Clip{.id = "dog1.wav",
                       .class_index = 1,
                       .group = "dog1.wav",
                       .fold = 1,
                       .content_hash = files::sha256_file(folder.path("dog1.wav")).value(),
                       .sample_rate = 8000,
                       .channels = 1,
                       .duration_s = 0.1,
                       .split = Split::kValidation}));
  EXPECT_TRUE(report->skipped.empty());
  EXPECT_TRUE(report->warnings.empty());
  EXPECT_TRUE(report->weights_hashes.empty());
}

TEST(Prepare, HashesContentAndNotTheSplit) {
  const DataFolder folder;
  DatasetSpec spec = pets(folder, 3);
  const std::string first = prepare_dataset(spec, {})->content_hash;
  spec.split.validation_folds = {2};
  EXPECT_EQ(prepare_dataset(spec, {})->content_hash, first);
  folder.sound("dog2.wav", 77);
  EXPECT_NE(prepare_dataset(spec, {})->content_hash, first);
}

TEST(Prepare, HashesWhatItsHeaderSays) {
  const DataFolder folder;
  folder.write("pets.csv",
               "path,label,fold,group\na.wav,dog,1,g\nb.wav,cat,2,h\nc.wav,dog,2,h\nd.wav,cat,1,g\n");
  std::string text;
  const std::vector<std::array<std::string, 4>> rows = {{"a.wav", "dog", "g", "1"},
                                                        {"b.wav", "cat", "h", "2"},
                                                        {"c.wav", "dog", "h", "2"},
                                                        {"d.wav", "cat", "g", "1"}};
  int number = 0;
  for (const auto& row : rows) {
    folder.sound(row[0], ++number);
    for (const std::string& field : row) text += std::to_string(field.size()) + ":" + field;
    text += "64:" + files::sha256_file(folder.path(row[0])).value();
  }
  DatasetSpec spec;
  spec.format = DatasetFormat::kCsv;
  spec.path = folder.path("pets.csv");
  spec.split.validation_folds = {2};
  const auto report = prepare_dataset(spec, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->content_hash, files::sha256(text));
}

TEST(Prepare, ListsBadClipsAndSaysHowToGoOn) {
  const DataFolder folder;
  const DatasetSpec spec = pets(folder, 3);
  folder.write("dog2.wav", "no sound");
  std::filesystem::remove(folder.path("cat3.wav"));
  EXPECT_THAT(error_of(spec),
              AllOf(HasSubstr("2 of 6 clips"), HasSubstr("dog2.wav"), HasSubstr("cat3.wav: no such file"),
                    HasSubstr("pets.csv:7"), HasSubstr("on_bad_clip: skip")));
}

TEST(Prepare, NamesTwentyBadClipsAndCountsTheRest) {
  const DataFolder folder;
  std::string table = "path,label\n";
  for (int i = 100; i < 123; ++i) table += "gone" + std::to_string(i) + ".wav,dog\n";
  folder.write("pets.csv", table);
  DatasetSpec spec;
  spec.format = DatasetFormat::kCsv;
  spec.path = folder.path("pets.csv");
  EXPECT_THAT(error_of(spec),
              AllOf(HasSubstr("gone119.wav"), Not(HasSubstr("gone120.wav")), HasSubstr("and 3 more")));
}

TEST(Prepare, GoesOnWithoutBadClipsWhenToldTo) {
  const DataFolder folder;
  DatasetSpec spec = pets(folder, 3);
  folder.write("dog2.wav", "no sound");
  spec.on_bad_clip = BadClipPolicy::kSkip;
  const auto report = prepare_dataset(spec, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->clips.size(), 5U);
  ASSERT_EQ(report->skipped.size(), 1U);
  EXPECT_EQ(report->skipped[0].id, "dog2.wav");
  EXPECT_THAT(report->skipped[0].reason, HasSubstr("dog2.wav"));
}

TEST(Prepare, SkipsFilesWithImpossibleNamesAndUnreadSound) {
  const DataFolder folder;
  for (const char* pet : {"dog", "cat"}) {
    for (int i = 0; i < 4; ++i) folder.sound(std::string(pet) + "/" + std::to_string(i) + ".wav", i + pet[0]);
  }
  folder.sound("dog/caf\xE9.wav", 50);
  folder.write("cat/x.m4a", "no sound that is read");
  DatasetSpec spec;
  spec.format = DatasetFormat::kFolders;
  spec.path = folder.path();
  spec.split.by = SplitBy::kGroup;
  spec.split.validation_fraction = 0.25;
  EXPECT_THAT(error_of(spec),
              AllOf(HasSubstr("2 of 10 clips"), HasSubstr("caf\\xe9.wav"), HasSubstr("x.m4a")));
  spec.on_bad_clip = BadClipPolicy::kSkip;
  const auto report = prepare_dataset(spec, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->clips.size(), 8U);
  EXPECT_EQ(report->skipped.size(), 2U);
}

TEST(Prepare, RefusesDataOfWhichNothingOrOneClassIsLeft) {
  const DataFolder folder;
  DatasetSpec spec = pets(folder, 2);
  folder.write("pets.csv", "path,label,fold\ndog1.wav,dog,1\ndog2.wav,dog,2\n");
  EXPECT_THAT(error_of(spec), HasSubstr("nothing to tell apart"));
  folder.write("pets.csv", "path,label,fold\ngone.wav,dog,1\n");
  spec.on_bad_clip = BadClipPolicy::kSkip;
  EXPECT_THAT(error_of(spec), HasSubstr("none of the 1 clips can be used"));
}

TEST(Prepare, NamesTheDataSetInSplitErrors) {
  const DataFolder folder;
  DatasetSpec spec = pets(folder, 2);
  spec.split.validation_folds = {5};
  EXPECT_THAT(error_of(spec), AllOf(HasSubstr("pets.csv"), HasSubstr("fold 5")));
}

// Two folds with melodies that differ, but for dog2.wav, which is dog1.wav at half its level.
DatasetSpec melodies(const DataFolder& folder, const std::string& group_of_dogs) {
  const std::string other_group = group_of_dogs.empty() ? "d" : group_of_dogs;
  const std::string first_group = group_of_dogs.empty() ? "c" : group_of_dogs;
  folder.write("pets.csv", "path,label,fold,group\ncat1.wav,cat,1,a\ncat2.wav,cat,2,b\ndog1.wav,dog,1," +
                               first_group + "\ndog2.wav,dog,2," + other_group + "\n");
  folder.melody("cat1.wav", 1);
  folder.melody("cat2.wav", 2);
  folder.melody("dog1.wav", 3);
  folder.melody("dog2.wav", 3, 0.5F);
  DatasetSpec spec;
  spec.format = DatasetFormat::kCsv;
  spec.path = folder.path("pets.csv");
  spec.split.validation_folds = {1};
  return spec;
}

std::vector<std::string> warnings_of(const DatasetSpec& spec, const PrepareOptions& options) {
  const auto report = prepare_dataset(spec, options);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? report->warnings : std::vector<std::string>();
}

TEST(Prepare, WarnsOfClipsThatSoundTheSameOnTwoSides) {
  const DataFolder folder;
  DatasetSpec spec = melodies(folder, "");
  const PrepareOptions options{.cache_dir = {}, .progress = {}, .stop = {}, .with_fingerprints = true};
  EXPECT_THAT(
      warnings_of(spec, options),
      ElementsAre("leakage: clips of different recordings that sound the same stand on both sides of the "
                  "split, 1 pair (dog1.wav in validation ~ dog2.wav in train): listen to them, and leave "
                  "one of each pair out, or give both one group or fold"));
  EXPECT_THAT(warnings_of(spec, {}), IsEmpty());
  spec.split.validation_folds = {};
  spec.split.cross_validation = true;
  folder.sound("cat1.wav", 1);
  EXPECT_THAT(warnings_of(spec, options),
              ElementsAre(AllOf(HasSubstr("dog1.wav in fold 1 ~ dog2.wav in fold 2"),
                                HasSubstr("; not compared: 1 too short"))));
}

TEST(Prepare, DoesNotWarnAgainOfWhatIsKnownToBeOneRecording) {
  const DataFolder folder;
  const DatasetSpec spec = melodies(folder, "dogs");
  EXPECT_THAT(warnings_of(spec, {.cache_dir = {}, .progress = {}, .stop = {}, .with_fingerprints = true}),
              ElementsAre(HasSubstr("clips of one recording stand on both sides")));
}

TEST(Prepare, StopsWhileItComparesClips) {
  const DataFolder folder;
  std::stop_source stop;
  PrepareOptions options{
      .cache_dir = {}, .progress = {}, .stop = stop.get_token(), .with_fingerprints = true};
  options.progress = [&](const Progress& progress) {
    if (progress.stage == "comparing clips") stop.request_stop();
  };
  EXPECT_EQ(prepare_dataset(melodies(folder, ""), options).status().code(), absl::StatusCode::kCancelled);
}

TEST(Prepare, ReadsEsc10) {
  const std::string path = "../shared/data/ESC-10";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the reference data ../shared/data/ESC-10 is not here";
  DatasetSpec spec;
  spec.format = DatasetFormat::kEsc50;
  spec.path = path;
  spec.split.validation_folds = {4};
  spec.split.test_folds = {5};
  const auto report =
      prepare_dataset(spec, {.cache_dir = {}, .progress = {}, .stop = {}, .with_fingerprints = true});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->clips.size(), 400U);
  EXPECT_EQ(report->classes.size(), 10U);
  // The two have one waveform.
  EXPECT_THAT(
      report->warnings,
      ElementsAre(HasSubstr("1 pair (audio/3-151080-A-20.ogg in train ~ audio/5-151085-A-20.ogg in test)")));
  std::vector<int> per_class(10, 0);
  for (const Clip& clip : report->clips) ++per_class[static_cast<std::size_t>(clip.class_index)];
  EXPECT_EQ(per_class, std::vector<int>(10, 40));
  const Partition parts = partition(*report, spec, 0);
  EXPECT_EQ(parts.train.size(), 240U);
  EXPECT_EQ(parts.validation.size(), 80U);
  EXPECT_EQ(parts.test.size(), 80U);
}

}  // namespace
}  // namespace melsweep::dataset
