// SQLite's file system with a disk whose fsync can fail.
#pragma once

#include <sqlite3.h>

#include <atomic>

namespace melsweep::store {

// The default file system of SQLite for as long as this lives; one at a time.
class FailingSyncs {
 public:
  enum class Of { kNothing, kDatabase, kLog };

  FailingSyncs() : vfs_(*real()) {
    vfs_.zName = "failing-syncs";
    vfs_.xOpen = open;
    failing_ = Of::kNothing;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FailingSyncs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real(), 1);
  }
  FailingSyncs(const FailingSyncs&) = delete;
  FailingSyncs& operator=(const FailingSyncs&) = delete;

  // From now on, of every file that was opened since this was made.
  void fail(Of which) { failing_ = which; }

 private:
  static sqlite3_vfs* real() {
    static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
    return vfs;
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    const int code = real()->xOpen(real(), name, file, flags, out);
    if (code != SQLITE_OK) return code;
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) put<Of::kDatabase>(file);
    if ((flags & SQLITE_OPEN_WAL) != 0) put<Of::kLog>(file);
    return code;
  }

  template <Of kOf>
  static void put(sqlite3_file* file) {
    static int (*real_sync)(sqlite3_file*, int);
    static sqlite3_io_methods methods;
    methods = *file->pMethods;
    real_sync = methods.xSync;
    methods.xSync = [](sqlite3_file* synced, int flags) -> int {
      return failing_ == kOf ? SQLITE_IOERR_FSYNC : real_sync(synced, flags);
    };
    file->pMethods = &methods;
  }

  static inline std::atomic<Of> failing_ = Of::kNothing;
  sqlite3_vfs vfs_;
};

}  // namespace melsweep::store
