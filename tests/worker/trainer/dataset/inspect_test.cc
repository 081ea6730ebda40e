#include "worker/trainer/dataset/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/worker/trainer/dataset/data_folder.h"
#include "worker/trainer/dataset/inspection_text.h"

namespace melsweep::dataset {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

void write_pets(const DataFolder& folder) {
  folder.write("pets.csv",
               "path,label,fold,group\na.wav,dog,1,g\nb.wav,dog,1,g\nc.wav,dog,2,h\nd.wav,cat,2,i\n");
  int number = 0;
  for (const char* name : {"a.wav", "b.wav", "c.wav", "d.wav"}) folder.sound(name, ++number);
}

TEST(Inspect, CountsWhatIsThere) {
  const DataFolder folder;
  write_pets(folder);
  const auto inspection = inspect_dataset(folder.path("pets.csv"), std::nullopt, {});
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  EXPECT_EQ(inspection->format, DatasetFormat::kCsv);
  EXPECT_TRUE(inspection->usable());
  EXPECT_EQ(inspection->clips, 4);
  ASSERT_EQ(inspection->classes.size(), 2U);
  EXPECT_EQ(inspection->classes[1].name, "dog");
  EXPECT_EQ(inspection->classes[1].clips, 3);
  EXPECT_EQ(inspection->classes[1].groups, 2);
  EXPECT_THAT(inspection->classes[1].per_fold, ElementsAre(Pair(1, 2), Pair(2, 1)));
  EXPECT_THAT(inspection->sample_rates, ElementsAre(Pair(8000, 4)));
  EXPECT_DOUBLE_EQ(inspection->durations.median, 0.1);
}

TEST(Inspect, FindsWhatIsWrong) {
  const DataFolder folder;
  write_pets(folder);
  folder.sound("b.wav", 1);  // as a.wav
  folder.write("c.wav", "no sound");
  folder.write(
      "pets.csv",
      "path,label,fold,group\na.wav,dog,1,g\nb.wav,dog,2,g\nc.wav,bird,2,h\nd.wav,cat,2,i\ne.wav,cat,1,j\n");
  const auto inspection = inspect_dataset(folder.path("pets.csv"), std::nullopt, {});
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  EXPECT_FALSE(inspection->usable());
  EXPECT_EQ(inspection->bad_clips.size(), 2U);
  EXPECT_THAT(inspection->problems, ElementsAre("files of the same content: a.wav, b.wav",
                                                HasSubstr("recording g stands in several folds (1, 2)"),
                                                "no clip of bird can be used"));
  EXPECT_THAT(to_table(*inspection), AllOf(HasSubstr("problems\n"), HasSubstr("e.wav: no such file")));
}

TEST(Inspect, NamesAFewOfManyProblems) {
  const DataFolder folder;
  std::string table = "path,label,fold,group\n";
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    folder.sound(name, i / 2);  // each content twice
    table += name + (i % 4 < 2 ? ",dog," : ",cat,") + std::to_string(1 + i % 2) + ",g" +
             std::to_string(i / 2) + "\n";
  }
  for (int i = 100; i < 123; ++i) table += "gone" + std::to_string(i) + ".wav,dog,1,x\n";
  folder.write("pets.csv", table);
  const auto inspection = inspect_dataset(folder.path("pets.csv"), std::nullopt, {});
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  EXPECT_EQ(inspection->problems.size(), 2U * 6U);
  EXPECT_EQ(inspection->problems[5], "and 15 more of this kind");
  EXPECT_EQ(inspection->bad_clips.size(), 23U);
  EXPECT_THAT(to_table(*inspection), HasSubstr("and 3 more clips that cannot be used"));
}

TEST(Inspect, DrawsABarAClass) {
  const DataFolder folder;
  write_pets(folder);
  const std::string table = to_table(inspect_dataset(folder.path("pets.csv"), std::nullopt, {}).value());
  EXPECT_THAT(table, HasSubstr("dog         3           2  " + std::string(40, '#') + "\n"));
  EXPECT_THAT(table, HasSubstr("cat         1           1  " + std::string(14, '#') + "\n"));
  EXPECT_THAT(table,
              HasSubstr("fold      1     2\ncat       0     1\ndog       2     1\nall       2     2\n"));
  EXPECT_THAT(table, HasSubstr("no problems found"));
}

TEST(Inspect, CountsThePicturesOfAnAugmentation) {
  const DataFolder folder;
  write_pets(folder);
  auto inspection = inspect_dataset(folder.path("pets.csv"), std::nullopt, {}).value();
  EXPECT_THAT(inspection.classes[1].channels, ElementsAre(Pair(1, 3)));
  inspection.classes[1].channels = {{1, 1}, {2, 2}};
  inspection.channels = {{1, 2}, {2, 2}};
  const std::vector<Augmentation> channels_and_noise = {Augmentation::kChannels, Augmentation::kNoise};
  const std::string table = to_table(inspection, channels_and_noise);
  EXPECT_THAT(table, HasSubstr("pictures   16, if all of them trained with this augmentation\n"));
  EXPECT_THAT(table, HasSubstr("class   clips  pictures  recordings\n"));
  EXPECT_THAT(table, HasSubstr("cat         1         2           1  ###"));
  EXPECT_THAT(table, HasSubstr("dog         3        14           2  ###"));
  const nlohmann::json json = to_json(inspection, channels_and_noise);
  EXPECT_EQ(json["pictures"], 16);
  EXPECT_EQ(json["classes"][1]["pictures"], 14);
  EXPECT_FALSE(to_json(inspection).contains("pictures"));
}

TEST(Inspect, WritesJson) {
  const DataFolder folder;
  write_pets(folder);
  const nlohmann::json json = to_json(inspect_dataset(folder.path("pets.csv"), std::nullopt, {}).value());
  EXPECT_EQ(json["format"], "csv");
  EXPECT_EQ(json["usable"], true);
  EXPECT_EQ(json["classes"][1]["name"], "dog");
  EXPECT_EQ(json["classes"][1]["folds"]["1"], 2);
  EXPECT_EQ(json["sample_rates"]["8000"], 4);
  EXPECT_THAT(json["problems"], IsEmpty());
}

TEST(Inspect, NamesClipsThatSoundTheSame) {
  const DataFolder folder;
  folder.write(
      "pets.csv",
      "path,label,fold,group\na.wav,dog,1,g\nb.wav,dog,2,h\nc.wav,cat,1,i\nd.wav,cat,2,i\ne.wav,cat,2,j\n");
  folder.melody("a.wav", 1);
  folder.melody("b.wav", 1, 0.25F);
  folder.melody("c.wav", 2);
  folder.melody("d.wav", 2, 0.25F);  // of the same recording: known
  folder.sound("e.wav", 1);
  const auto inspection = inspect_dataset(folder.path("pets.csv"), std::nullopt, {});
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  EXPECT_THAT(to_table(*inspection),
              AllOf(HasSubstr("compared   4 clips by their sound; the others are not: 1 too short\n"),
                    HasSubstr("\n  a.wav (fold 1) ~ b.wav (fold 2), 0.")));
  const nlohmann::json json = to_json(*inspection)["sound_the_same"];
  ASSERT_EQ(json["pairs"].size(), 1U);
  EXPECT_EQ(json["pairs"][0]["clips"], (nlohmann::json{"a.wav", "b.wav"}));
  EXPECT_EQ(json["pairs"][0]["folds"], (nlohmann::json{1, 2}));
  EXPECT_LT(json["pairs"][0]["difference"].get<double>(), 0.02);
  EXPECT_EQ(json["too_short"], 1);
  EXPECT_EQ(json["too_even"], 0);
}

TEST(Inspect, ShowsTwentyOfManyPairs) {
  Inspection inspection;
  inspection.alike.assign(23, {.first = "a.wav", .second = "b.wav"});
  EXPECT_THAT(to_table(inspection), AllOf(HasSubstr("  a.wav ~ b.wav, 0.0 % of the bits differ\n"),
                                          HasSubstr("  and 3 more pairs")));
  EXPECT_EQ(to_json(inspection)["sound_the_same"]["pairs"].size(), 23U);
}

TEST(Inspect, SaysWhenThereIsNothing) {
  const DataFolder folder;
  EXPECT_EQ(inspect_dataset(folder.path("none"), std::nullopt, {}).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace melsweep::dataset
