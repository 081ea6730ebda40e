#include "worker/trainer/features/segment_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/worker/trainer/features/cache_fixture.h"
#include "worker/trainer/arrays/npy.h"

namespace melsweep::features {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Keys = std::vector<std::string>;

class SegmentStoreTest : public CacheTest {
 protected:
  fs::path store_folder() const { return folder_.path() / "store"; }
  SegmentStore store(SegmentLayout layout = SegmentLayout::kFlat) const {
    return {store_folder(), layout, "{}\n"};
  }
  // Another process's view of the folder.
  SegmentStore opened(SegmentLayout layout = SegmentLayout::kFlat) const {
    SegmentStore fresh = store(layout);
    EXPECT_TRUE(fresh.refresh().ok());
    return fresh;
  }
  fs::path file(const std::string& name) const { return store_folder() / name; }

  // Two segments: a and b, then c.
  void write_two_segments() const {
    SegmentStore writer = store();
    ASSERT_TRUE(
        writer.append(std::vector<NewMatrix>{{"a", 2, 3, {1, 2, 3, 4, 5, 6}}, {"b", 1, 2, {7, 8}}}).ok());
    ASSERT_TRUE(writer.append(std::vector<NewMatrix>{{"c", 1, 1, {9}}}).ok());
  }

  void flip_bit(const std::string& name, std::size_t from_end) const {
    std::string bytes = audio::read_bytes(file(name));
    bytes[bytes.size() - from_end] = static_cast<char>(bytes[bytes.size() - from_end] ^ 1);
    audio::write_bytes(file(name), bytes);
  }
};

std::vector<float> values_of(const StoredMatrix& matrix) {
  return {matrix.values.begin(), matrix.values.end()};
}

TEST_F(SegmentStoreTest, AMissingFolderIsAnEmptyStore) {
  SegmentStore empty = opened();
  EXPECT_THAT(*empty.missing(Keys{"b", "a", "b"}), ElementsAre("b", "a"));
  EXPECT_FALSE(fs::exists(store_folder()));
}

TEST_F(SegmentStoreTest, ReadsBackFromAnotherProcess) {
  write_two_segments();
  SegmentStore reader = opened();
  EXPECT_THAT(*reader.missing(Keys{"a", "b", "c", "d"}), ElementsAre("d"));
  const auto matrices = reader.open(Keys{"c", "a", "a", "b"});
  ASSERT_TRUE(matrices.ok()) << matrices.status();
  EXPECT_THAT(values_of((*matrices)[0]), ElementsAre(9));
  EXPECT_THAT(values_of((*matrices)[1]), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ((*matrices)[1].rows, 2);
  EXPECT_EQ((*matrices)[1].columns, 3);
  EXPECT_THAT(values_of((*matrices)[2]), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(values_of((*matrices)[3]), ElementsAre(7, 8));
}

TEST_F(SegmentStoreTest, ValuesOutliveTheStoreAndItsFiles) {
  write_two_segments();
  const auto matrices = opened().open(Keys{"b"});
  fs::remove_all(store_folder());
  EXPECT_THAT(values_of((*matrices)[0]), ElementsAre(7, 8));
}

TEST_F(SegmentStoreTest, OpeningWhatIsNotThereNamesIt) {
  write_two_segments();
  const absl::Status status = opened().open(Keys{"a", "nowhere"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("nowhere"));
}

TEST_F(SegmentStoreTest, SegmentsAreArraysThatNumpyReads) {
  write_two_segments();
  EXPECT_THAT(arrays::read_npy(file("segment-00000.npy"))->values, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  SegmentStore rows = store(SegmentLayout::kStacked);
  ASSERT_TRUE(rows.append(std::vector<NewMatrix>{{"x", 1, 2, {1, 2}}, {"y", 1, 2, {3, 4}}}).ok());
  EXPECT_THAT(arrays::read_npy(file("segment-00002.npy"))->shape, ElementsAre(2U, 2U));
  EXPECT_EQ(audio::read_bytes(file("settings.json")), "{}\n");
}

TEST_F(SegmentStoreTest, SeesWhatOthersAddedAfterARefresh) {
  SegmentStore reader = opened();
  write_two_segments();
  EXPECT_THAT(*reader.missing(Keys{"a"}), ElementsAre("a"));
  ASSERT_TRUE(reader.refresh().ok());
  EXPECT_THAT(*reader.missing(Keys{"a"}), IsEmpty());
}

TEST_F(SegmentStoreTest, SetsAsideASegmentWithAChangedValue) {
  write_two_segments();
  flip_bit("segment-00000.npy", 30);
  SegmentStore reader = opened();
  EXPECT_THAT(*reader.missing(Keys{"b", "c", "a"}), ElementsAre("b", "a"));
  EXPECT_THAT(files_ending(store_folder(), ".corrupt"),
              ElementsAre("segment-00000.json.corrupt", "segment-00000.npy.corrupt"));
}

TEST_F(SegmentStoreTest, SetsAsideATruncatedSegment) {
  write_two_segments();
  fs::resize_file(file("segment-00000.npy"), fs::file_size(file("segment-00000.npy")) - 4);
  EXPECT_THAT(*opened().missing(Keys{"a", "b", "c"}), ElementsAre("a", "b"));
}

TEST_F(SegmentStoreTest, SetsAsideASegmentWhoseDataAreGoneOrEmpty) {
  write_two_segments();
  fs::remove(file("segment-00000.npy"));
  fs::resize_file(file("segment-00001.npy"), 0);
  EXPECT_THAT(*opened().missing(Keys{"a", "b", "c"}), ElementsAre("a", "b", "c"));
}

TEST_F(SegmentStoreTest, SetsAsideASegmentWithADamagedIndex) {
  for (const std::string& index :
       {std::string(), std::string("{"), std::string(R"({"format":1,"shape":[8],"items":[{"key":"a"}]})"),
        std::string(R"({"format":0,"shape":[8],"items":[]})"),
        std::string(R"({"format":1,"shape":"x","items":[]})"),
        std::string(
            R"({"format":1,"shape":[8],"items":[{"key":"a","offset":7,"rows":2,"columns":3,"xxh3":"0"}]})"),
        std::string(
            R"({"format":1,"shape":[8],"items":[{"key":"a","offset":0,"rows":-2,"columns":-3,"xxh3":"0"}]})"),
        std::string(R"({"format":1,"shape":[18446744073709551615,8],"items":[]})")}) {
    SCOPED_TRACE(index);
    fs::remove_all(store_folder());
    write_two_segments();
    audio::write_bytes(file("segment-00000.json"), index);
    EXPECT_THAT(*opened().missing(Keys{"a", "c"}), ElementsAre("a"));
    EXPECT_TRUE(fs::exists(file("segment-00000.json.corrupt")));
  }
}

TEST_F(SegmentStoreTest, LeavesASegmentOfANewerFormatAsItIs) {
  write_two_segments();
  const std::string newer = R"({"format":2,"something":"else"})";
  audio::write_bytes(file("segment-00000.json"), newer);
  SegmentStore writer = opened();
  EXPECT_THAT(*writer.missing(Keys{"a", "b", "c"}), ElementsAre("a", "b"));
  ASSERT_TRUE(writer.remove_unfinished().ok());
  ASSERT_TRUE(writer.append(std::vector<NewMatrix>{{"a", 1, 1, {3}}, {"b", 1, 1, {4}}}).ok());
  EXPECT_EQ(audio::read_bytes(file("segment-00000.json")), newer);
  EXPECT_TRUE(fs::exists(file("segment-00000.npy")));
  EXPECT_THAT(*writer.missing(Keys{"a", "b", "c"}), IsEmpty());
}

TEST_F(SegmentStoreTest, ForgetsABadSegmentThatCannotBeRenamed) {
  write_two_segments();
  flip_bit("segment-00000.npy", 30);
  fs::create_directories(file("segment-00000.json.corrupt") / "in the way");
  SegmentStore reader = opened();
  EXPECT_THAT(*reader.missing(Keys{"a", "c"}), ElementsAre("a"));
  ASSERT_TRUE(fs::exists(file("segment-00000.json")));
  fs::rename(file("segment-00000.npy.corrupt"), file("segment-00000.npy"));
  flip_bit("segment-00000.npy", 30);  // sound again, and found again if it were looked for
  ASSERT_TRUE(reader.refresh().ok());
  EXPECT_THAT(*reader.missing(Keys{"a"}), ElementsAre("a"));
}

TEST_F(SegmentStoreTest, NeverUsesANumberTwice) {
  write_two_segments();
  flip_bit("segment-00001.npy", 1);
  SegmentStore writer = opened();
  EXPECT_THAT(*writer.missing(Keys{"c"}), ElementsAre("c"));
  ASSERT_TRUE(writer.append(std::vector<NewMatrix>{{"c", 1, 1, {9}}}).ok());
  EXPECT_TRUE(fs::exists(file("segment-00002.npy")));
  EXPECT_THAT(values_of(opened().open(Keys{"c"})->front()), ElementsAre(9));
}

TEST_F(SegmentStoreTest, IgnoresAndRemovesWhatAKilledWriterLeft) {
  write_two_segments();
  audio::write_bytes(file("segment-00002.npy"), "data without an index");
  audio::write_bytes(file("segment-00003.npy.part-12-0"), "half");
  SegmentStore writer = opened();
  EXPECT_THAT(*writer.missing(Keys{"a", "b", "c"}), IsEmpty());
  ASSERT_TRUE(writer.remove_unfinished().ok());
  EXPECT_THAT(files_ending(store_folder(), ".npy"), ElementsAre("segment-00000.npy", "segment-00001.npy"));
  EXPECT_THAT(files_ending(store_folder(), ".part-12-0"), IsEmpty());
}

TEST_F(SegmentStoreTest, AFolderThatCannotBeMadeIsAClearError) {
  audio::write_bytes(store_folder(), "a file where the folder should be");
  SegmentStore writer = store();
  const absl::Status status = writer.append(std::vector<NewMatrix>{{"a", 1, 1, {1}}});
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr(store_folder().string()));
}

// Lets no file grow beyond a size while it lives: what a full disk looks like to a writer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(SegmentStoreTest, AWriteThatFailsHalfwayLeavesNothing) {
  write_two_segments();
  const NewMatrix large{"d", 1, 100000, std::vector<float>(100000, 1.0F)};
  SegmentStore writer = opened();
  {
    const FileSizeLimit limit(50000);
    const absl::Status status = writer.append(std::vector<NewMatrix>{large});
    EXPECT_THAT(status.message(), HasSubstr("segment-00002.npy"));
  }
  EXPECT_THAT(files_ending(store_folder(), ""),
              ElementsAre("segment-00000.json", "segment-00000.npy", "segment-00001.json",
                          "segment-00001.npy", "settings.json"));
  EXPECT_THAT(*writer.missing(Keys{"d"}), ElementsAre("d"));
  ASSERT_TRUE(writer.append(std::vector<NewMatrix>{large}).ok());
  EXPECT_THAT(*writer.missing(Keys{"d"}), IsEmpty());
}

}  // namespace
}  // namespace melsweep::features
