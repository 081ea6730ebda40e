#include "coordinator/store/schema.h"

namespace melsweep::store {

// What the time of finished attempts went into.
const std::string_view kTablesV6 = R"sql(
CREATE TABLE attempt_stages (
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  stage TEXT NOT NULL CHECK (stage <> ''),
  seconds REAL NOT NULL CHECK (seconds >= 0),
  made INTEGER NOT NULL CHECK (made >= 0),
  found INTEGER NOT NULL CHECK (found >= 0),
  PRIMARY KEY (trial_id, epoch, stage),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE VIEW stage_times AS
SELECT t.sweep_id AS sweep_id, s.name AS sweep, t.number AS trial, g.stage AS stage, g.seconds AS seconds,
  g.made AS made, g.found AS found, a.request AS group_id, t.id AS trial_id
FROM trials t
JOIN sweeps s ON s.id = t.sweep_id
JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
JOIN attempt_stages g ON g.trial_id = a.trial_id AND g.epoch = a.epoch;
)sql";

}  // namespace melsweep::store
