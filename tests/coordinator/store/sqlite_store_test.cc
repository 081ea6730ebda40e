#include "coordinator/store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "shared/results/schema_version.h"
#include "tests/coordinator/store/failing_syncs.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::store {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SqliteStoreTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open() { return open_sqlite_store(path_).value(); }
  absl::Status refusal() { return open_sqlite_store(path_).status(); }

  static std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    return names;
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "results.db";
};

TEST_F(SqliteStoreTest, MakesTheFoldersAboveTheFile) {
  path_ = folder_.path() / "a" / "b c%20?#" / "results.db";
  ASSERT_TRUE(open()->commit(std::vector<Write>{PutSweep{sample_sweep(1)}}).ok());
  EXPECT_TRUE(fs::exists(path_));
  EXPECT_EQ(open()->load()->sweeps.size(), 1);
}

// The folder that programs start relative paths from, for as long as this lives.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const fs::path& path) : before_(fs::current_path()) { fs::current_path(path); }
  ~WorkingDirectory() { fs::current_path(before_); }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  fs::path before_;
};

TEST_F(SqliteStoreTest, ARelativePathNeedNotBeThereYet) {
  const WorkingDirectory here(folder_.path());
  path_ = "r.db";
  EXPECT_THAT(open()->load()->sweeps, IsEmpty());
  EXPECT_TRUE(fs::exists(folder_.path() / "r.db"));
}

TEST_F(SqliteStoreTest, AnEmptyPathIsNone) {
  path_ = "";
  EXPECT_EQ(refusal().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SqliteStoreTest, WhatWasCommittedIsThereAfterOpeningAgain) {
  std::vector<Write> writes{PutSweep{sample_sweep(1)},
                            PutWorker{sample_worker()},
                            PutTrial{sample_trial(11, 1, 1)},
                            PutAttempt{sample_attempt(11, 1)},
                            PutDataset{SweepId{1}, sample_dataset()},
                            PutPreparation{sample_preparation(1, AttemptState::kFinished, "worker-1")},
                            AddMetrics{{TrialId{11}, 1}, {{100, "validation/accuracy", 0.5}}},
                            PutEvaluation{{TrialId{11}, 1}, sample_evaluation()}};
  auto store = open();
  ASSERT_TRUE(store->commit(writes).ok());
  const Snapshot before = store->load().value();
  store.reset();
  EXPECT_EQ(before.objectives.size(), 1);
  EXPECT_EQ(open()->load().value(), before);
}

TEST_F(SqliteStoreTest, AnEmptyFileBecomesADatabase) {
  std::ofstream(path_).close();
  EXPECT_THAT(open()->load()->sweeps, IsEmpty());
}

// Sweeps are numbered from 1 in each database: workers keep their files apart by this.
TEST_F(SqliteStoreTest, EveryDatabaseIsNamedApartAndKeepsItsName) {
  const StoreId name = open()->load()->store;
  EXPECT_EQ(name.value.size(), 32U);
  EXPECT_EQ(open()->load()->store, name);
  fs::remove(path_);
  EXPECT_NE(open()->load()->store, name);
}

TEST_F(SqliteStoreTest, TheFileCarriesOurMarkAndWritesAheadWithFullSync) {
  open();
  SQLite::Database database(path_.string());
  EXPECT_EQ(database.execAndGet("PRAGMA application_id").getInt(), results::kApplicationId);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), results::kSchemaVersion);
  EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "wal");
}

// The default file system layer is one without shared memory, as network file systems are, for as long as
// this lives.
class NoSharedMemory {
 public:
  NoSharedMemory() { sqlite3_vfs_register(sqlite3_vfs_find("unix-none"), /*makeDflt=*/1); }
  ~NoSharedMemory() { sqlite3_vfs_register(before_, /*makeDflt=*/1); }
  NoSharedMemory(const NoSharedMemory&) = delete;
  NoSharedMemory& operator=(const NoSharedMemory&) = delete;

 private:
  sqlite3_vfs* before_ = sqlite3_vfs_find(nullptr);
};

TEST_F(SqliteStoreTest, WhereNothingCanBeWrittenAheadTheFileIsRefused) {
  const NoSharedMemory disk;
  const absl::Status status = refusal();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("put the file on a local disk"));
}

TEST_F(SqliteStoreTest, WhatCannotBeReadOfAnEndedSweepStopsNobody) {
  SweepRecord sweep = sample_sweep(1);
  sweep.state = SweepState::kFinished;
  ASSERT_TRUE(open()->commit(std::vector<Write>{PutSweep{sweep}, PutTrial{sample_trial(11, 1, 1)}}).ok());
  const auto damage = [this](const std::string& sql) {
    SQLite::Database(path_.string(), SQLite::OPEN_READWRITE).exec(sql);
  };
  damage("UPDATE sweeps SET spec = 'no: longer: known'; UPDATE trials SET settings = '{\"old\": 1}'");
  const auto snapshot = open()->load();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->sweeps.front().spec.name, "lr-batch-grid");
  damage("UPDATE sweeps SET state = 'running'");
  const absl::Status status = open()->load().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("sweep 1"));
}

// The rules for new sweeps may have become stricter since this one was taken.
TEST_F(SqliteStoreTest, ASweepThatWasTakenIsReadThoughItWouldBeRefusedToday) {
  SweepRecord sweep = sample_sweep(1);
  sweep.spec.base.features.n_mels = 100'000;  // more bands than its FFT has bins
  ASSERT_TRUE(std::holds_alternative<std::vector<spec::Problem>>(
      spec::parse_study(spec::to_yaml(sweep.spec), "sweep")));
  auto store = open();
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{sweep}}).ok());
  EXPECT_THAT(store->load()->sweeps, ElementsAre(sweep));
}

TEST_F(SqliteStoreTest, ASecondOwnerIsRefusedByTheFirstOnesProcess) {
  auto first = open();
  const absl::Status status = refusal();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("process " + std::to_string(::getpid())));
  fs::create_symlink(path_, folder_.path() / "alias.db");
  EXPECT_EQ(open_sqlite_store(folder_.path() / "alias.db").status().code(), absl::StatusCode::kUnavailable);
  first.reset();
  EXPECT_TRUE(open_sqlite_store(path_).ok());
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsLeftAsItIs) {
  const std::string text(5000, 'x');
  std::ofstream(path_) << text;
  const absl::Status status = refusal();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("results.db"));
  EXPECT_EQ(content(path_), text);
  EXPECT_THAT(files(), ElementsAre("results.db"));
}

TEST_F(SqliteStoreTest, SomeoneElsesDatabaseIsLeftAsItIs) {
  {
    SQLite::Database database(path_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE sweeps (id)");
  }
  const std::string before = content(path_);
  EXPECT_EQ(refusal().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(content(path_), before);
  EXPECT_THAT(files(), ElementsAre("results.db"));
}

TEST_F(SqliteStoreTest, AFolderIsRefused) {
  fs::create_directory(path_);
  EXPECT_EQ(refusal().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(SqliteStoreTest, ANewerSchemaIsRefused) {
  open();
  {
    SQLite::Database database(path_.string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA user_version = 999");
  }
  const std::string before = content(path_);
  const absl::Status status = refusal();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("schema version 999"));
  EXPECT_EQ(content(path_), before);
}

TEST_F(SqliteStoreTest, ADamagedFileIsReported) {
  open();
  const auto size = static_cast<std::streamoff>(fs::file_size(path_));
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(static_cast<std::size_t>(size) - 100, '\x7f');
  }
  auto store = open_sqlite_store(path_);
  const absl::Status status = store.ok() ? (*store)->load().status() : store.status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
}

TEST_F(SqliteStoreTest, ClosingLeavesOneCompleteFileEvenBesideAReader) {
  auto store = open();
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{sample_sweep(1)}}).ok());
  SQLite::Database reader("file:" + path_.string() + "?mode=ro", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM sweeps").getInt(), 1);
  store.reset();
  fs::copy_file(path_, folder_.path() / "copy.db");
  EXPECT_EQ(open_sqlite_store(folder_.path() / "copy.db").value()->load()->sweeps.size(), 1);
}

TEST_F(SqliteStoreTest, AReaderKeepsItsMomentAndStopsNoWriter) {
  auto store = open();
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{sample_sweep(1)}}).ok());
  SQLite::Database reader(path_.string());
  reader.exec("BEGIN");
  EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM sweeps").getInt(), 1);
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{sample_sweep(2)}}).ok());
  EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM sweeps").getInt(), 1);
  reader.exec("COMMIT");
  EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM sweeps").getInt(), 2);
}

TEST_F(SqliteStoreTest, AStrangersWriteLockMakesACommitUnavailableForAsLongAsItLasts) {
  auto store = open_sqlite_store(path_, {.busy_timeout = std::chrono::milliseconds(0)}).value();
  SQLite::Database stranger(path_.string(), SQLite::OPEN_READWRITE);
  stranger.exec("BEGIN IMMEDIATE");
  const std::vector<Write> writes{PutSweep{sample_sweep(1)}};
  EXPECT_EQ(store->commit(writes).code(), absl::StatusCode::kUnavailable);
  stranger.exec("ROLLBACK");
  EXPECT_TRUE(store->commit(writes).ok());
}

// Limits the size of every file this process writes, for its lifetime.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(SqliteStoreTest, AFullDiskIsUnavailableAndPassesWithoutARestart) {
  auto store = open();
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{sample_sweep(1)}}).ok());
  const Snapshot before = store->load().value();
  SweepRecord large = sample_sweep(2);
  large.reason = std::string(4 << 20, 'x');
  const std::vector<Write> writes{PutWorker{sample_worker()}, PutSweep{large}};
  absl::Status status;
  absl::StatusOr<Snapshot> meanwhile;
  {
    const FileSizeLimit limit(1 << 20);
    status = store->commit(writes);
    meanwhile = store->load();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  ASSERT_TRUE(meanwhile.ok());
  EXPECT_EQ(*meanwhile, before);
  ASSERT_TRUE(store->commit(writes).ok());
  EXPECT_EQ(store->load()->sweeps.size(), 2);
}

TEST_F(SqliteStoreTest, ACommitThatCannotBeSyncedIsNotAcknowledged) {
  FailingSyncs syncs;
  auto store = open();
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{sample_sweep(1)}}).ok());
  syncs.fail(FailingSyncs::Of::kLog);
  EXPECT_EQ(store->commit(std::vector<Write>{PutSweep{sample_sweep(2)}}).code(), absl::StatusCode::kInternal);
}

TEST_F(SqliteStoreTest, ACheckpointThatCannotBeSyncedIsReportedAndTheLogKept) {
  FailingSyncs syncs;
  auto store = open();
  syncs.fail(FailingSyncs::Of::kDatabase);
  SweepRecord large = sample_sweep(1);
  large.reason = std::string(8 << 20, 'x');  // more than 1,000 pages
  EXPECT_EQ(store->commit(std::vector<Write>{PutSweep{large}}).code(), absl::StatusCode::kInternal);
  syncs.fail(FailingSyncs::Of::kNothing);
  store.reset();
  EXPECT_GT(fs::file_size(path_.string() + "-wal"), 8U << 20);
  EXPECT_EQ(open()->load()->sweeps.size(), 1U);
}

TEST_F(SqliteStoreTest, TheLogIsFoldedInWhileItGrows) {
  auto store = open();
  SweepRecord large = sample_sweep(1);
  large.reason = std::string(8 << 20, 'x');
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{large}}).ok());
  EXPECT_LT(fs::file_size(path_.string() + "-wal"), 16U << 20) << "it starts over after each";
}

TEST_F(SqliteStoreTest, ACheckpointThatWasCutShortIsMendedByTheNextOpening) {
  constexpr std::size_t kPageBytes = 4096;
  auto store = open();
  SweepRecord large = sample_sweep(1);
  large.reason = std::string(kPageBytes * 500, 'x');  // the file will be longer than it was
  ASSERT_TRUE(store->commit(std::vector<Write>{PutSweep{large}}).ok());
  const fs::path log = path_.string() + "-wal";
  const std::string unfolded = content(path_);
  const std::string logged = content(log);
  store.reset();
  const std::string folded = content(path_);
  ASSERT_GT(folded.size(), unfolded.size());
  std::ofstream(path_, std::ios::binary) << folded.substr(0, kPageBytes) << unfolded.substr(kPageBytes);
  std::ofstream(log, std::ios::binary) << logged;
  const auto reopened = open_sqlite_store(path_);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ((*reopened)->load()->sweeps.at(0).reason, large.reason);
}

// Commits sweep after sweep from `first` on and writes a byte to `acknowledgements` after each, until it is
// killed.
[[noreturn]] void commit_for_ever(const fs::path& path, std::int64_t first, int acknowledgements) {
  auto store = open_sqlite_store(path);
  for (std::int64_t id = first; store.ok(); ++id) {
    const std::vector<Write> writes{PutSweep{sample_sweep(id)}, PutWorker{sample_worker(std::to_string(id))}};
    if (!(*store)->commit(writes).ok() || ::write(acknowledgements, "+", 1) != 1) break;
  }
  ::_exit(1);
}

TEST_F(SqliteStoreTest, WhatWasAcknowledgedSurvivesSigkill) {
  std::size_t acknowledged = 0;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const std::size_t before = open()->load()->sweeps.size();
    const pid_t child = ::fork();
    if (child == 0) commit_for_ever(path_, static_cast<std::int64_t>(before) + 1, ends[1]);
    ::close(ends[1]);
    char byte = 0;
    std::size_t acknowledged_now = 0;
    while (::read(ends[0], &byte, 1) == 1) {
      if (++acknowledged_now == static_cast<std::size_t>(1 + 2 * round)) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    acknowledged = before + acknowledged_now;
    const Snapshot after = open()->load().value();
    EXPECT_GE(after.sweeps.size(), acknowledged);
    EXPECT_LE(after.sweeps.size(), acknowledged + 1);
    EXPECT_EQ(after.sweeps.size(), after.workers.size());
  }
  SQLite::Database database(path_.string());
  EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
}

}  // namespace
}  // namespace melsweep::store
