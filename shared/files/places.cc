#include "shared/files/places.h"

#include <cstdlib>
#include <string>

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;

// The value of an environment variable; empty where it is unset.
fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

fs::path xdg_folder(const char* variable, const char* below_home) {
  if (fs::path folder = from_environment(variable); !folder.empty()) return folder / "melsweep";
  fs::path home = from_environment("HOME");
  if (home.empty()) home = "/tmp";
  return home / below_home / "melsweep";
}

}  // namespace

fs::path default_worker_dir() {
  if (fs::path folder = from_environment("MELSWEEP_DATA_DIR"); !folder.empty()) return folder;
  return xdg_folder("XDG_CACHE_HOME", ".cache");
}

fs::path default_database() {
  if (fs::path file = from_environment("MELSWEEP_DB"); !file.empty()) return file;
  return xdg_folder("XDG_DATA_HOME", ".local/share") / "results.db";
}

fs::path default_weights_dir() {
  if (fs::path folder = from_environment("MELSWEEP_WEIGHTS_DIR"); !folder.empty()) return folder;
  return xdg_folder("XDG_DATA_HOME", ".local/share") / "weights";
}

}  // namespace melsweep::files
