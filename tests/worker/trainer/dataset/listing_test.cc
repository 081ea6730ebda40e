#include "worker/trainer/dataset/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/trainer/dataset/data_folder.h"

namespace melsweep::dataset {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kUrbanHeader = "slice_file_name,fsID,start,end,salience,fold,classID,class\n";

std::string error_of(DatasetFormat format, const std::string& path) {
  const auto listing = read_listing(format, path);
  EXPECT_FALSE(listing.ok());
  return std::string(listing.status().message());
}

std::string manifest_error(const std::string& text) {
  const DataFolder folder;
  folder.write("list.csv", text);
  return error_of(DatasetFormat::kCsv, folder.path("list.csv"));
}

TEST(Listing, ReadsUrbanSound8k) {
  const DataFolder folder;
  folder.write("metadata/UrbanSound8K.csv", std::string(kUrbanHeader) +
                                                "7-3-0-1.wav,7,1.0,5.0,1,10,3,dog_bark\n" +
                                                "100-8-0-0.wav,100,0,4,2,2,8,siren\n");
  const auto listing = read_listing(DatasetFormat::kUrbanSound8k, folder.root());
  ASSERT_TRUE(listing.ok()) << listing.status();
  ASSERT_EQ(listing->clips.size(), 2U);
  EXPECT_EQ(listing->root, folder.root());
  EXPECT_EQ(listing->clips[0].id, "audio/fold10/7-3-0-1.wav");
  EXPECT_EQ(listing->clips[0].class_name, "dog_bark");
  EXPECT_EQ(listing->clips[0].group, "7");
  EXPECT_EQ(listing->clips[0].fold, 10);
  EXPECT_THAT(listing->clips[0].place, HasSubstr("UrbanSound8K.csv:2"));
  EXPECT_EQ(listing->clips[1].id, "audio/fold2/100-8-0-0.wav");
}

TEST(Listing, ReadsEsc50) {
  const DataFolder folder;
  folder.write("meta/esc50.csv",
               "filename,fold,target,category,esc10,src_file,take\n1-5-A-0.wav,1,0,dog,True,5,A\n");
  const auto listing = read_listing(DatasetFormat::kEsc50, folder.root());
  ASSERT_TRUE(listing.ok()) << listing.status();
  EXPECT_EQ(listing->clips[0].id, "audio/1-5-A-0.wav");
  EXPECT_EQ(listing->clips[0].class_name, "dog");
  EXPECT_EQ(listing->clips[0].group, "5");
  EXPECT_EQ(listing->clips[0].fold, 1);
}

TEST(Listing, ReadsAManifestWithAndWithoutFoldAndGroup) {
  const DataFolder folder;
  folder.write("a.csv", "label,path\ndog,x/1.wav\n");
  folder.write("b.csv", "path,label,fold,group\nx/1.wav,dog,3,home\nx/2.wav,dog,3,\n");
  const auto plain = read_listing(DatasetFormat::kCsv, folder.path("a.csv"));
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->root, folder.root());
  EXPECT_EQ(plain->clips[0].group, "x/1.wav");
  EXPECT_EQ(plain->clips[0].fold, 0);
  const auto full = read_listing(DatasetFormat::kCsv, folder.path("b.csv"));
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->clips[0].group, "home");
  EXPECT_EQ(full->clips[0].fold, 3);
  EXPECT_EQ(full->clips[1].group, "x/2.wav");
}

TEST(Listing, ReadsClassFolders) {
  const DataFolder folder;
  for (const char* name : {"dog/a.wav", "dog/deep/er/b.FLAC", "cat/c.ogg", "dog/notes.txt", "README.md",
                           ".git/x.wav", "dog/.x.wav"}) {
    folder.write(name, "x");
  }
  const auto listing = read_listing(DatasetFormat::kFolders, folder.root());
  ASSERT_TRUE(listing.ok()) << listing.status();
  ASSERT_EQ(listing->clips.size(), 3U);
  EXPECT_EQ(listing->clips[0].id, "cat/c.ogg");
  EXPECT_EQ(listing->clips[0].class_name, "cat");
  EXPECT_EQ(listing->clips[2].id, "dog/deep/er/b.FLAC");
  EXPECT_EQ(listing->clips[2].group, "dog/deep/er/b.FLAC");
}

TEST(Listing, RefusesClassFoldersWithoutAudioAndAudioWithoutAClass) {
  const DataFolder empty_class;
  empty_class.write("dog/a.wav", "x");
  empty_class.write("notes/a.txt", "x");
  EXPECT_THAT(error_of(DatasetFormat::kFolders, empty_class.path()),
              HasSubstr("notes: the class folder holds no audio"));
  const DataFolder loose;
  loose.write("dog/a.wav", "x");
  loose.write("b.wav", "x");
  EXPECT_THAT(error_of(DatasetFormat::kFolders, loose.path()), HasSubstr("outside of any class"));
}

TEST(Listing, ListsFilesWithImpossibleNamesAsDefects) {
  const DataFolder folder;
  folder.write("dog/caf\xE9.wav", "x");
  folder.write("dog/a.wav", "x");
  const auto listing = read_listing(DatasetFormat::kFolders, folder.root());
  ASSERT_TRUE(listing.ok()) << listing.status();
  ASSERT_EQ(listing->clips.size(), 2U);
  EXPECT_EQ(listing->clips[0].defect, "");
  EXPECT_EQ(listing->clips[1].id, "dog/caf\\xe9.wav");
  EXPECT_THAT(listing->clips[1].defect, HasSubstr("is not UTF-8"));
}

TEST(Listing, ListsSoundThatIsNotRead) {
  const DataFolder folder;
  for (const char* name : {"dog/a.m4a", "dog/b.AAC", "dog/c.wma", "dog/d.jpg"}) folder.write(name, "x");
  const auto listing = read_listing(DatasetFormat::kFolders, folder.root());
  ASSERT_TRUE(listing.ok()) << listing.status();
  EXPECT_EQ(listing->clips.size(), 3U);
}

TEST(Listing, NamesMissingColumns) {
  EXPECT_THAT(
      manifest_error("file,label\nx,y\n"),
      AllOf(HasSubstr("list.csv:1: "), HasSubstr("the column path"), HasSubstr("it has file, label")));
  EXPECT_THAT(manifest_error("\n\nfile,label\nx,y\n"), HasSubstr("list.csv:3: "));
  const DataFolder folder;
  folder.write("metadata/UrbanSound8K.csv", "slice_file_name,start,class\n");
  EXPECT_THAT(error_of(DatasetFormat::kUrbanSound8k, folder.path()), HasSubstr("the columns fold, fsID"));
}

TEST(Listing, RefusesFoldsThatAreNoNumbers) {
  for (const char* fold : {"one", "", "1.0", "0", "-1", "99999999999", " 1", "+1"}) {
    EXPECT_THAT(manifest_error(std::string("path,label,fold\nx.wav,dog,1\ny.wav,dog,") + fold + "\n"),
                AllOf(HasSubstr("list.csv:3: "), HasSubstr("whole number")));
  }
}

TEST(Listing, RefusesAClipThatIsThereTwice) {
  EXPECT_THAT(manifest_error("path,label\nx.wav,dog\ny.wav,cat\n./x.wav,dog\n"),
              AllOf(HasSubstr("list.csv:4: "), HasSubstr("list.csv:2")));
}

TEST(Listing, RefusesPathsThatLeaveTheFolder) {
  EXPECT_THAT(manifest_error("path,label\n../x.wav,dog\n"),
              AllOf(HasSubstr("list.csv:2: "), HasSubstr("leaves")));
  EXPECT_THAT(manifest_error("path,label\n/x.wav,dog\n"), HasSubstr("leaves"));
  const DataFolder folder;
  folder.write("meta/esc50.csv", "filename,fold,category,src_file\n../../x.wav,1,dog,5\n");
  EXPECT_THAT(error_of(DatasetFormat::kEsc50, folder.path()), HasSubstr("esc50.csv:2: "));
}

TEST(Listing, RefusesEmptyLabelsAndEmptyDataSets) {
  EXPECT_THAT(manifest_error("path,label\nx.wav,\n"), HasSubstr("the class is empty"));
  EXPECT_THAT(manifest_error("path,label\n"), HasSubstr("no clips"));
  const DataFolder folder;
  EXPECT_THAT(error_of(DatasetFormat::kFolders, folder.path()), HasSubstr("no clips"));
}

TEST(Listing, SaysWhatIsMissingAndWhatItLooksLike) {
  const DataFolder folder;
  EXPECT_EQ(read_listing(DatasetFormat::kFolders, folder.path("none")).status().code(),
            absl::StatusCode::kNotFound);
  folder.write("meta/esc50.csv", "x");
  EXPECT_THAT(error_of(DatasetFormat::kUrbanSound8k, folder.path()),
              AllOf(HasSubstr("metadata/UrbanSound8K.csv is missing"), HasSubstr("looks like format esc50")));
  EXPECT_THAT(error_of(DatasetFormat::kCsv, folder.path()), HasSubstr("manifest"));
  EXPECT_THAT(error_of(DatasetFormat::kFolders, folder.path("meta/esc50.csv")), HasSubstr("no folder"));
}

TEST(Listing, DetectsFormats) {
  const DataFolder folder;
  EXPECT_EQ(detect_format(folder.path("none")), std::nullopt);
  EXPECT_EQ(detect_format(folder.path()), DatasetFormat::kFolders);
  folder.write("list.csv", "x");
  EXPECT_EQ(detect_format(folder.path("list.csv")), DatasetFormat::kCsv);
  folder.write("meta/esc50.csv", "x");
  EXPECT_EQ(detect_format(folder.path()), DatasetFormat::kEsc50);
  folder.write("metadata/UrbanSound8K.csv", "x");
  EXPECT_EQ(detect_format(folder.path()), DatasetFormat::kUrbanSound8k);
}

}  // namespace
}  // namespace melsweep::dataset
