// Where things go when nobody says: the XDG folders.
#pragma once

#include <filesystem>

namespace melsweep::files {

// $MELSWEEP_DATA_DIR, else $XDG_CACHE_HOME/melsweep, else ~/.cache/melsweep: feature caches and trial
// artifacts of a worker.
std::filesystem::path default_worker_dir();

// $MELSWEEP_DB, else $XDG_DATA_HOME/melsweep/results.db, else ~/.local/share/melsweep/results.db.
std::filesystem::path default_database();

// $MELSWEEP_WEIGHTS_DIR, else $XDG_DATA_HOME/melsweep/weights, else ~/.local/share/melsweep/weights: where a
// weights file named without a folder is looked for after the working directory.
std::filesystem::path default_weights_dir();

}  // namespace melsweep::files
