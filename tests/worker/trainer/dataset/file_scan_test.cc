#include "worker/trainer/dataset/file_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <new>
#include <utility>

#include "shared/files/digest.h"
#include "tests/worker/trainer/dataset/data_folder.h"

namespace melsweep::dataset {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

// Says of a.wav, as it is now, in the cache that it has this hash: a scan that believes it has not read the
// file.
void put_into_cache(const DataFolder& data, const DataFolder& cache, const std::string& hash) {
  ScanCache entries(cache.root(), data.root());
  entries.insert("a.wav", stamp_of(data.path("a.wav")).value(),
                 {.content_hash = hash, .sound = {.sample_rate = 8000, .channels = 1, .frames = 800}});
  ASSERT_TRUE(entries.save().ok());
}

std::string hash_of_a(const DataFolder& data, const std::string& cache_dir) {
  const auto files = scan_files(data.root(), {"a.wav"}, {.cache_dir = cache_dir, .progress = {}, .stop = {}});
  EXPECT_TRUE(files.ok() && files->front().ok());
  return files->front()->content_hash;
}

TEST(FileScan, TellsWhatEachFileIs) {
  const DataFolder data;
  data.sound("a.wav", 1);
  data.sound("sub/b.wav", 2);
  const auto files = scan_files(data.root(), {"sub/b.wav", "a.wav"}, {});
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_TRUE((*files)[0].ok()) << (*files)[0].status();
  EXPECT_EQ((*files)[0]->content_hash, files::sha256_file(data.path("sub/b.wav")).value());
  EXPECT_EQ((*files)[1]->content_hash, files::sha256_file(data.path("a.wav")).value());
  EXPECT_EQ((*files)[1]->sound.sample_rate, 8000);
  EXPECT_DOUBLE_EQ((*files)[1]->sound.duration_s(), 0.1);
}

TEST(FileScan, NamesWhatCannotBeUsed) {
  const DataFolder data;
  data.write("text.wav", "this is no sound");
  data.write("empty.wav", "");
  fs::create_directory(data.path("folder.wav"));
  const auto files = scan_files(data.root(), {"none.wav", "text.wav", "empty.wav", "folder.wav"}, {});
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_THAT(std::string((*files)[0].status().message()),
              AllOf(HasSubstr("none.wav"), HasSubstr("no such file")));
  EXPECT_THAT(std::string((*files)[1].status().message()), HasSubstr("text.wav"));
  EXPECT_THAT(std::string((*files)[2].status().message()), HasSubstr("empty.wav"));
  EXPECT_THAT(std::string((*files)[3].status().message()), HasSubstr("folder.wav"));
}

TEST(FileScan, DoesNotReadAnUnchangedFileAgain) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  put_into_cache(data, cache, "remembered");
  EXPECT_EQ(hash_of_a(data, cache.path()), "remembered");
  EXPECT_NE(hash_of_a(data, ""), "remembered");
}

TEST(FileScan, TellsHowManyFilesWereReadAndHowManyKnown) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  data.sound("b.wav", 2);
  data.write("text.wav", "this is no sound");
  const auto counts_of = [&](const std::vector<std::string>& ids) {
    ScanCounts counts;
    EXPECT_TRUE(scan_files(data.root(), ids,
                           {.cache_dir = cache.path(), .progress = {}, .stop = {}, .counts = &counts})
                    .ok());
    return std::pair(counts.read, counts.known);
  };
  EXPECT_EQ(counts_of({"a.wav"}), std::pair(std::int64_t{1}, std::int64_t{0}));
  EXPECT_EQ(counts_of({"a.wav", "b.wav", "text.wav"}), std::pair(std::int64_t{2}, std::int64_t{1}));
  EXPECT_EQ(counts_of({"a.wav", "b.wav", "text.wav"}), std::pair(std::int64_t{1}, std::int64_t{2}));
}

TEST(FileScan, ReadsAChangedFileAgain) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  const std::string first = hash_of_a(data, cache.path());
  data.sound("a.wav", 2);
  fs::last_write_time(data.path("a.wav"), fs::last_write_time(data.path("a.wav")) + std::chrono::seconds(2));
  EXPECT_NE(hash_of_a(data, cache.path()), first);
}

TEST(FileScan, ReadsAFileAgainWhoseSizeAndTimeOfChangeWereRestored) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  FileStamp old = stamp_of(data.path("a.wav")).value();
  old.ctime_ns -= 1;
  ScanCache entries(cache.root(), data.root());
  entries.insert("a.wav", old, {.content_hash = "of other content", .sound = {}});
  ASSERT_TRUE(entries.save().ok());
  EXPECT_EQ(hash_of_a(data, cache.path()), files::sha256_file(data.path("a.wav")).value());
}

TEST(FileScan, RebuildsABrokenCache) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  const std::string first = hash_of_a(data, cache.path());
  const fs::path kept = fs::directory_iterator(cache.root())->path();
  fs::resize_file(kept, fs::file_size(kept) - 5);
  EXPECT_EQ(hash_of_a(data, cache.path()), first);
  const ScanCache kept_anew(cache.root(), data.root());
  EXPECT_TRUE(kept_anew.find("a.wav", stamp_of(data.path("a.wav")).value()).has_value());
}

std::optional<audio::Fingerprint> fingerprint_of_a(const DataFolder& data, const DataFolder& cache,
                                                   bool is_wanted) {
  const auto files =
      scan_files(data.root(), {"a.wav"},
                 {.cache_dir = cache.path(), .progress = {}, .stop = {}, .with_fingerprints = is_wanted});
  EXPECT_TRUE(files.ok() && files->front().ok());
  return files->front()->fingerprint;
}

TEST(FileScan, MakesAFingerprintWhereItIsWantedAndKeepsIt) {
  const DataFolder data;
  const DataFolder cache;
  data.melody("a.wav", 1);
  EXPECT_EQ(fingerprint_of_a(data, cache, false), std::nullopt);
  const std::optional<audio::Fingerprint> made = fingerprint_of_a(data, cache, true);
  EXPECT_EQ(made, audio::fingerprint(audio::decode(data.path("a.wav"), Channel::kAverage).value()).value());
  EXPECT_EQ(made.value().size(), 23U);
  const ScanCache kept(cache.root(), data.root());
  EXPECT_EQ(kept.find("a.wav", stamp_of(data.path("a.wav")).value())->fingerprint, made);
  EXPECT_EQ(fingerprint_of_a(data, cache, false), made);
}

TEST(FileScan, DoesNotLookAgainForTheFingerprintOfAShortSound) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  EXPECT_EQ(fingerprint_of_a(data, cache, true), audio::Fingerprint());
  const ScanCache kept(cache.root(), data.root());
  EXPECT_EQ(kept.find("a.wav", stamp_of(data.path("a.wav")).value())->fingerprint, audio::Fingerprint());
}

TEST(FileScan, GoesOnWithoutACacheThatCannotBeWritten) {
  const DataFolder data;
  data.sound("a.wav", 1);
  data.write("not-a-folder", "x");
  EXPECT_EQ(hash_of_a(data, data.path("not-a-folder")), files::sha256_file(data.path("a.wav")).value());
}

TEST(FileScan, ReportsProgressToTheEnd) {
  const DataFolder data;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(std::to_string(i) + ".wav");
    data.sound(ids.back(), i);
  }
  std::vector<Progress> seen;
  ScanOptions options;
  options.progress = [&](const Progress& progress) { seen.push_back(progress); };
  options.threads = 3;
  ASSERT_TRUE(scan_files(data.root(), ids, options).ok());
  ASSERT_EQ(seen.size(), 5U);
  EXPECT_EQ(seen.back(), (Progress{.stage = "reading data", .done = 5, .total = 5}));
}

// The cache's folder as it is while the last file is being counted is what a process killed then leaves.
TEST(FileScan, KeepsMostOfWhatItReadWhenItIsKilled) {
  const DataFolder data;
  const DataFolder cache;
  const DataFolder left;
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) {
    ids.push_back(std::to_string(i) + ".wav");
    data.sound(ids.back(), i);
  }
  ScanOptions options{.cache_dir = cache.path(), .progress = {}, .stop = {}, .threads = 1};
  options.progress = [&](const Progress& progress) {
    if (progress.done != progress.total) return;
    fs::copy(cache.root(), left.root(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  };
  ASSERT_TRUE(scan_files(data.root(), ids, options).ok());
  EXPECT_EQ(ScanCache(left.root(), data.root()).size(), 256U);
  EXPECT_EQ(ScanCache(cache.root(), data.root()).size(), 300U);
}

TEST(FileScan, SaysThatMemoryRanOutOnAnyThread) {
  const DataFolder data;
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) {
    ids.push_back(std::to_string(i) + ".wav");
    data.sound(ids.back(), i);
  }
  ScanOptions options;
  options.threads = 4;
  options.progress = [](const Progress&) { throw std::bad_alloc(); };
  EXPECT_EQ(scan_files(data.root(), ids, options).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(FileScan, StopsAndKeepsWhatItRead) {
  const DataFolder data;
  const DataFolder cache;
  data.sound("a.wav", 1);
  std::stop_source stop;
  ScanOptions options{.cache_dir = cache.path(), .progress = {}, .stop = stop.get_token(), .threads = 1};
  options.progress = [&](const Progress&) { stop.request_stop(); };
  EXPECT_EQ(scan_files(data.root(), {"a.wav", "b.wav"}, options).status().code(),
            absl::StatusCode::kCancelled);
  const ScanCache kept(cache.root(), data.root());
  const auto found = kept.find("a.wav", stamp_of(data.path("a.wav")).value());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->content_hash, files::sha256_file(data.path("a.wav")).value());
}

}  // namespace
}  // namespace melsweep::dataset
