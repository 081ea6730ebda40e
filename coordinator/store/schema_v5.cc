#include "coordinator/store/schema.h"

namespace melsweep::store {

// What each worker has.
const std::string_view kTablesV5 = R"sql(
ALTER TABLE workers ADD COLUMN gpus INTEGER NOT NULL DEFAULT 0 CHECK (gpus >= 0);
ALTER TABLE workers ADD COLUMN gpu_memory INTEGER NOT NULL DEFAULT 0 CHECK (gpu_memory >= 0);
ALTER TABLE workers ADD COLUMN cpus INTEGER NOT NULL DEFAULT 0 CHECK (cpus >= 0);
ALTER TABLE workers ADD COLUMN labels TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(labels));
)sql";

}  // namespace melsweep::store
