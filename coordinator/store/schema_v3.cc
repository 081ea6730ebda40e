#include "coordinator/store/schema.h"

namespace melsweep::store {

// Attempts that are given back because the trainer of their group died. What a column may hold cannot be
// changed, only the column.
const std::string_view kTablesV3 = R"sql(
ALTER TABLE attempts ADD COLUMN reason_given TEXT
  CHECK (reason_given IN ('drained', 'time_limit', 'paused', 'no_contact', 'undelivered', 'group_died'));
UPDATE attempts SET reason_given = release_reason WHERE release_reason IS NOT NULL;
ALTER TABLE attempts DROP COLUMN release_reason;
ALTER TABLE attempts RENAME COLUMN reason_given TO release_reason;
)sql";

}  // namespace melsweep::store
