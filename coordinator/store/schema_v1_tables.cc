#include "coordinator/store/schema.h"

namespace melsweep::store {

// Times are Unix milliseconds, UTC; NULL = not yet. REAL columns hold NULL where the number is NaN.
const std::string_view kTablesV1 = R"sql(
-- One row, made with the database: tells its sweep 1 from those of every other.
CREATE TABLE database_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL CHECK (length(id) = 32)
) STRICT;
INSERT INTO database_identity VALUES (1, lower(hex(randomblob(16))));

CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'running', 'finished', 'failed', 'cancelled')),
  reason TEXT NOT NULL,
  objective_metric TEXT NOT NULL,
  goal TEXT NOT NULL CHECK (goal IN ('maximize', 'minimize')),
  yaml TEXT NOT NULL,
  spec TEXT NOT NULL,
  request TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER
) STRICT;
CREATE INDEX sweeps_by_name ON sweeps (name);
CREATE UNIQUE INDEX sweeps_by_request ON sweeps (request) WHERE request <> '';

CREATE TABLE datasets (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweeps (id) ON DELETE CASCADE,
  content_hash TEXT NOT NULL,
  clips INTEGER NOT NULL CHECK (clips >= 0),
  clips_skipped INTEGER NOT NULL CHECK (clips_skipped >= 0)
) STRICT;

CREATE TABLE dataset_weights (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  weights TEXT NOT NULL,
  weights_hash TEXT NOT NULL,
  PRIMARY KEY (sweep_id, weights)
) STRICT, WITHOUT ROWID;

CREATE TABLE dataset_classes (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  class_index INTEGER NOT NULL CHECK (class_index >= 0),
  class TEXT NOT NULL,
  PRIMARY KEY (sweep_id, class_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE validation_folds (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE clips (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  clip TEXT NOT NULL,
  class_index INTEGER NOT NULL,
  recording TEXT NOT NULL,
  fold INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  sample_rate INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  duration_s REAL NOT NULL,
  content_hash TEXT NOT NULL,
  PRIMARY KEY (sweep_id, clip),
  FOREIGN KEY (sweep_id, class_index) REFERENCES dataset_classes (sweep_id, class_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX clips_by_class ON clips (sweep_id, class_index);

CREATE TABLE skipped_clips (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  clip TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE warnings (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE trials (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  validation_fold INTEGER NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'finished', 'failed', 'cancelled')),
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  objective REAL,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  UNIQUE (sweep_id, number)
) STRICT;
-- Holds all that the ranking looks at.
CREATE INDEX trials_by_cell ON trials (sweep_id, cell, state, objective, number);
CREATE INDEX trials_by_state ON trials (sweep_id, state);

CREATE TABLE parameters (
  trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('integer', 'real', 'boolean', 'text')),
  value ANY NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (trial_id, position),
  UNIQUE (trial_id, name),
  CHECK (typeof(value) = CASE kind WHEN 'boolean' THEN 'integer' ELSE kind END)
) STRICT, WITHOUT ROWID;
CREATE INDEX parameters_by_value ON parameters (name, value);

CREATE TABLE workers (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  host TEXT NOT NULL,
  device TEXT NOT NULL,
  registered_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch > 0),
  worker_id TEXT NOT NULL REFERENCES workers (id),
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'lost', 'released', 'cancelled')),
  failure_kind TEXT
    CHECK (failure_kind IN ('bad_data', 'bad_configuration', 'out_of_memory', 'trainer_died', 'internal')),
  failure TEXT,
  checkpoint_step INTEGER,
  checkpoint TEXT,
  checkpoint_sha256 TEXT,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  PRIMARY KEY (trial_id, epoch),
  CHECK ((failure_kind IS NULL) = (failure IS NULL)),
  CHECK ((checkpoint IS NULL) = (checkpoint_step IS NULL) AND (checkpoint IS NULL) = (checkpoint_sha256 IS NULL))
) STRICT, WITHOUT ROWID;
-- A trial's result is recorded once, whatever the code above believes.
CREATE UNIQUE INDEX finished_attempts ON attempts (trial_id) WHERE state = 'finished';
CREATE INDEX attempts_by_worker ON attempts (worker_id);

CREATE TABLE preparations (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweeps (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  worker_id TEXT REFERENCES workers (id),
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'lost', 'released', 'cancelled'))
) STRICT;
CREATE INDEX preparations_by_worker ON preparations (worker_id);

CREATE TABLE metric_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE metrics (
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  name_id INTEGER NOT NULL REFERENCES metric_names (id),
  step INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (trial_id, epoch, name_id, step),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  step INTEGER NOT NULL,
  UNIQUE (trial_id, epoch, split),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT;

CREATE TABLE evaluated_classes (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  class_index INTEGER NOT NULL,
  class TEXT NOT NULL,
  precision REAL NOT NULL,
  recall REAL NOT NULL,
  f1 REAL NOT NULL,
  support INTEGER NOT NULL,
  PRIMARY KEY (evaluation_id, class_index)
) STRICT, WITHOUT ROWID;

-- Pairs of classes that never met have no row here; the view confusion fills them in.
CREATE TABLE confusion_counts (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  true_index INTEGER NOT NULL,
  predicted_index INTEGER NOT NULL,
  clips INTEGER NOT NULL CHECK (clips > 0),
  PRIMARY KEY (evaluation_id, true_index, predicted_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE predictions (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  clip TEXT NOT NULL,
  true_index INTEGER NOT NULL,
  predicted_index INTEGER NOT NULL,
  probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
  PRIMARY KEY (evaluation_id, clip)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace melsweep::store
