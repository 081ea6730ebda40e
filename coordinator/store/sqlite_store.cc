#include "coordinator/store/sqlite_store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "coordinator/store/connection.h"
#include "coordinator/store/file_mark.h"
#include "coordinator/store/metric_writer.h"
#include "coordinator/store/migrations.h"
#include "coordinator/store/owner_lock.h"
#include "coordinator/store/record_writer.h"
#include "coordinator/store/snapshot_reader.h"
#include "coordinator/store/trial_writer.h"
#include "coordinator/store/write_checks.h"
#include "shared/files/descriptor.h"
#include "shared/results/sqlite_status.h"

namespace melsweep::store {
namespace {

// From this many pages on the log is folded into the file, as by SQLite's default.
constexpr int kCheckpointPages = 1000;

int note_log_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

// Each write to where it is made rows of.
struct WriteRows {
  Connection& connection;
  TrialWriter& trials;
  MetricWriter& metrics;

  void operator()(const PutTrial& write) const { trials.write(write); }
  void operator()(const PutTrialState& write) const { trials.write(write); }
  void operator()(const CancelPendingTrials& write) const { trials.write(write); }
  void operator()(const AddMetrics& write) const { metrics.write(write); }
  template <class Record>
  void operator()(const Record& write) const {
    write_record(connection, write);
  }
};

class SqliteStore final : public Store {
 public:
  SqliteStore(OwnerLock lock, SQLite::Database database, std::string name)
      : lock_(std::move(lock)), connection_(std::move(database)), name_(std::move(name)) {
    // Takes the place of SQLite's own hook, which checkpoints and keeps the errors to itself.
    sqlite3_wal_hook(connection_.database().getHandle(), note_log_pages, &log_pages_);
  }
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  // SQLite folds the log in by itself only when no reader is left. Where it fails, the next opening does it.
  // After a failed sync the log may be all there is of what was promised: it is left alone.
  ~SqliteStore() override {
    if (is_broken_) {
      sqlite3_db_config(connection_.database().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    } else {
      connection_.database().tryExec("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  absl::Status commit(std::span<const Write> writes) override {
    absl::Status status = write(writes);
    if (status.ok() && log_pages_ >= kCheckpointPages) status = checkpoint();
    is_broken_ = is_broken_ || absl::IsInternal(status) || absl::IsDataLoss(status);
    return status;
  }

  absl::StatusOr<Snapshot> load() override {
    try {
      return read_snapshot(connection_.database());
    } catch (const SQLite::Exception& error) {
      return results::to_status(error, absl::StrCat("reading ", name_));
    }
  }

 private:
  absl::Status write(std::span<const Write> writes) {
    for (const Write& write : writes) {
      if (absl::Status status = check_write(write); !status.ok()) return status;
    }
    if (writes.empty()) return absl::OkStatus();
    const std::string doing = absl::StrCat("writing to ", name_);
    try {
      // Destroyed without commit(), it rolls back.
      SQLite::Transaction transaction(connection_.database(), SQLite::TransactionBehavior::IMMEDIATE);
      for (const Write& write : writes) std::visit(WriteRows{connection_, trials_, metrics_}, write);
      transaction.commit();
      return absl::OkStatus();
    } catch (const SQLite::Exception& error) {
      metrics_.forget_names();
      return results::to_status(error, doing);
    } catch (const nlohmann::json::exception& error) {  // text that is not UTF-8
      metrics_.forget_names();
      return absl::InvalidArgumentError(absl::StrCat(doing, ": ", error.what()));
    }
  }

  // A failed sync must be seen: the kernel may have dropped the pages, and the next sync would succeed.
  absl::Status checkpoint() {
    sqlite3* const handle = connection_.database().getHandle();
    const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK) return absl::OkStatus();
    absl::Status status =
        results::to_status(SQLite::Exception(handle, code), absl::StrCat("checkpointing ", name_));
    // Somebody in the way or a full disk: the log has it all, and the next commit tries again.
    return absl::IsUnavailable(status) ? absl::OkStatus() : status;
  }

  OwnerLock lock_;  // outlives the connection, whose closing writes to the file
  Connection connection_;
  TrialWriter trials_{connection_};
  MetricWriter metrics_{connection_};
  std::string name_;
  int log_pages_ = 0;  // after the latest commit
  bool is_broken_ = false;
};

// What an owner that was killed wrote and did not sync can be read from the log, but a power failure could
// still take it: before anybody is told of it, it has to be on disk.
absl::Status sync_log(const std::filesystem::path& path) {
  const std::string log = path.string() + "-wal";
  const files::Descriptor descriptor(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) {
    return errno == ENOENT ? absl::OkStatus() : absl::ErrnoToStatus(errno, absl::StrCat("opening ", log));
  }
  if (::fsync(descriptor.get()) != 0) return absl::InternalError(absl::StrCat("syncing ", log, " failed"));
  return absl::OkStatus();
}

absl::StatusOr<SQLite::Database> open_database(const std::filesystem::path& path,
                                               const SqliteStoreOptions& options) {
  SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                            static_cast<int>(options.busy_timeout.count()));
  database.exec("PRAGMA synchronous = FULL");
  // A new file gets its schema before write-ahead mode: see file_mark.h.
  if (absl::Status status = migrate(database, schema_migrations()); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat(path.string(), ": ", status.message()));
  }
  const std::string mode = database.execAndGet("PRAGMA journal_mode = WAL").getString();
  if (mode != "wal") {
    return absl::FailedPreconditionError(absl::StrCat(
        path.string(), " cannot be written ahead (journal mode '", mode,
        "'), as its readers need: its file system shares no memory; put the file on a local disk"));
  }
  database.exec("PRAGMA foreign_keys = ON");
  // KiB. With SQLite's 2 MiB the inner pages of the indices of a hundred thousand trials are read again for
  // every commit.
  database.exec("PRAGMA cache_size = -65536");
  return database;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& path,
                                                         const SqliteStoreOptions& options) {
  std::error_code error;
  // Absolute first: of a relative path that is not there yet the canonical form would be relative too, and
  // have no folder.
  std::filesystem::path file = std::filesystem::absolute(path, error);
  if (!error) file = std::filesystem::weakly_canonical(file, error);
  if (error || file.filename().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("'", path.string(), "' is no path for a database",
                                                   error ? ": " : "", error ? error.message() : ""));
  }
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat("making the folder ", file.parent_path().string(), ": ", error.message()));
  }
  try {
    if (absl::Status status = check_ours_or_new(file); !status.ok()) return status;
    absl::StatusOr<OwnerLock> lock = OwnerLock::acquire(file);
    if (!lock.ok()) return lock.status();
    if (absl::Status status = sync_log(file); !status.ok()) return status;
    absl::StatusOr<SQLite::Database> database = open_database(file, options);
    if (!database.ok()) return database.status();
    return std::make_unique<SqliteStore>(*std::move(lock), *std::move(database), file.string());
  } catch (const SQLite::Exception& caught) {
    return results::to_status(caught, absl::StrCat("opening the database ", file.string()));
  }
}

}  // namespace melsweep::store
