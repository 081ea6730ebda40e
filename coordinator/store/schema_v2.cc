#include "coordinator/store/schema.h"

namespace melsweep::store {

// Pausing, checkpoints to go on from, results taken over from earlier sweeps, workers told to leave.
const std::string_view kTablesV2 = R"sql(
ALTER TABLE sweeps ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));

-- What was asked for and done, when. A request that comes again finds itself here.
CREATE TABLE sweep_actions (
  id INTEGER PRIMARY KEY,
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  action TEXT NOT NULL CHECK (action IN ('pause', 'resume', 'cancel')),
  request TEXT NOT NULL CHECK (request <> ''),
  at_ms INTEGER NOT NULL,
  UNIQUE (sweep_id, request)
) STRICT;

ALTER TABLE datasets ADD COLUMN trainer TEXT NOT NULL DEFAULT '';

-- key: all that the trial's result depends on, as a SHA-256; '' where it is not known.
ALTER TABLE trials ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN reused_from INTEGER REFERENCES trials (id) ON DELETE SET NULL;
CREATE INDEX trials_by_source ON trials (reused_from) WHERE reused_from IS NOT NULL;

ALTER TABLE attempts ADD COLUMN release_reason TEXT
  CHECK (release_reason IN ('drained', 'time_limit', 'paused', 'no_contact', 'undelivered'));
ALTER TABLE attempts ADD COLUMN resumed_from_epoch INTEGER CHECK (resumed_from_epoch > 0);
ALTER TABLE attempts ADD COLUMN resumed_from_step INTEGER CHECK (resumed_from_step >= 0);

-- Of trials that have not ended: what their next attempt may go on from.
CREATE TABLE checkpoints (
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step >= 0),
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (trial_id, epoch, step),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

ALTER TABLE workers ADD COLUMN draining INTEGER NOT NULL DEFAULT 0 CHECK (draining IN (0, 1));
)sql";

}  // namespace melsweep::store
