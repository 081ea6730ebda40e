#include "shared/results/maintenance.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "SQLiteCpp/Backup.h"
#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "shared/results/database_file.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"

namespace melsweep::results {
namespace {

namespace fs = std::filesystem;

constexpr int kPagesAtATime = 1024;
constexpr int kMaxProblems = 100;

std::vector<std::string> problems_of(SQLite::Database& database) {
  std::vector<std::string> problems;
  SQLite::Statement integrity(database, absl::StrCat("PRAGMA integrity_check(", kMaxProblems, ")"));
  while (integrity.executeStep()) {
    std::string line = Row(integrity).text();
    if (line != "ok") problems.push_back(std::move(line));
  }
  SQLite::Statement orphans(database, "PRAGMA foreign_key_check");
  while (orphans.executeStep() && problems.size() < kMaxProblems) {
    Row row(orphans);
    const std::string table = row.text();
    const std::int64_t row_id = row.integer();
    problems.push_back(absl::StrCat("row ", row_id, " of ", table, " refers to a row of ", row.text(),
                                    " that is not there"));
  }
  return problems;
}

// Removes what was not given its name.
class PartialFile {
 public:
  explicit PartialFile(fs::path path) : path_(std::move(path)) { remove(); }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() { remove(); }

  const fs::path& path() const { return path_; }

  absl::Status become(const fs::path& target) {
    if (::link(path_.c_str(), target.c_str()) != 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot make ", target.string()));
    }
    return absl::OkStatus();
  }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
    fs::remove(path_.string() + "-journal", ignored);
  }

  fs::path path_;
};

absl::Status sync(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path.string()));
  const int result = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (result != 0) return absl::ErrnoToStatus(error, absl::StrCat("cannot sync ", path.string()));
  return absl::OkStatus();
}

// One moment of the source in a file of its own.
absl::Status copy(SQLite::Database& source, const fs::path& target,
                  const std::function<bool(const BackupProgress&)>& progress) {
  // Held while the pages are copied, so that the backup need not begin anew with each commit.
  const SQLite::Transaction moment(source);
  source.execAndGet("SELECT count(*) FROM sqlite_schema");
  SQLite::Database copied(target.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  SQLite::Backup backup(copied, source);
  while (backup.executeStep(kPagesAtATime) != SQLITE_DONE) {
    const std::int64_t total = backup.getTotalPageCount();
    if (progress && !progress({total - backup.getRemainingPageCount(), total})) {
      return absl::CancelledError("the backup was stopped; nothing was kept of it");
    }
  }
  return absl::OkStatus();
}

// A file that needs no other beside it, and is sound.
absl::Status settle(const fs::path& path) {
  SQLite::Database copied(path.string(), SQLite::OPEN_READWRITE);
  copied.execAndGet("PRAGMA journal_mode = DELETE");
  const std::vector<std::string> problems = problems_of(copied);
  if (problems.empty()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the copy is not sound: ", absl::StrJoin(problems, "; ")));
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> check_database(const fs::path& path) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    return problems_of(*database);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("checking ", path.string()));
  }
}

absl::Status back_up_database(const fs::path& path, const fs::path& target,
                              const std::function<bool(const BackupProgress&)>& progress) {
  std::error_code ignored;
  if (fs::exists(target, ignored)) {
    return absl::AlreadyExistsError(absl::StrCat(target.string(), " is there already: choose another name"));
  }
  absl::StatusOr<SQLite::Database> source = open_read_only(path);
  if (!source.ok()) return source.status();
  try {
    PartialFile part(absl::StrCat(target.string(), ".part-", ::getpid()));
    if (absl::Status status = copy(*source, part.path(), progress); !status.ok()) return status;
    if (absl::Status status = settle(part.path()); !status.ok()) return status;
    if (absl::Status status = sync(part.path(), O_RDWR); !status.ok()) return status;
    if (absl::Status status = part.become(target); !status.ok()) return status;
    return sync(folder_of(target), O_RDONLY | O_DIRECTORY);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("backing up ", path.string(), " to ", target.string()));
  }
}

}  // namespace melsweep::results
