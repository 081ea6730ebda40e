-- A results database as melsweep with schema version 5 left it: a sweep for workers with a label, whose two trials ran as a group,
-- and the same sweep once more, which took its results over.
PRAGMA application_id = 1296847703;
PRAGMA user_version = 5;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
  ended_ms INTEGER, resumed_from_epoch INTEGER CHECK (resumed_from_epoch > 0), resumed_from_step INTEGER CHECK (resumed_from_step >= 0), release_reason TEXT
  CHECK (release_reason IN ('drained', 'time_limit', 'paused', 'no_contact', 'undelivered', 'group_died')),
  PRIMARY KEY (trial_id, epoch),
  CHECK ((failure_kind IS NULL) = (failure IS NULL)),
  CHECK ((checkpoint IS NULL) = (checkpoint_step IS NULL) AND (checkpoint IS NULL) = (checkpoint_sha256 IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "attempts" VALUES(1,1,'worker-0-c9798a5e','cfef8b18c28772b52b1d335f4c9f92f7','finished',NULL,NULL,2,'/srv/melsweep/results.db.artifacts/sweep-1/trial-1/attempt-1/step-2.safetensors','2fe89e5d93dfce09dda341d588122ce5dd28412c7c8e91b0347c7e89824cffce',1795900245360,1795900245385,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(2,1,'worker-0-c9798a5e','cfef8b18c28772b52b1d335f4c9f92f7','finished',NULL,NULL,2,'/srv/melsweep/results.db.artifacts/sweep-1/trial-2/attempt-1/step-2.safetensors','3644fc07b185c6e0b46082a96f1e48380b89d6e78d055e0053c41e54345052b1',1795900245360,1795900245387,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(3,1,'worker-0-c9798a5e','','finished',NULL,NULL,2,'/srv/melsweep/results.db.artifacts/sweep-1/trial-1/attempt-1/step-2.safetensors','2fe89e5d93dfce09dda341d588122ce5dd28412c7c8e91b0347c7e89824cffce',1795900245360,1795900245385,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(4,1,'worker-0-c9798a5e','','finished',NULL,NULL,2,'/srv/melsweep/results.db.artifacts/sweep-1/trial-2/attempt-1/step-2.safetensors','3644fc07b185c6e0b46082a96f1e48380b89d6e78d055e0053c41e54345052b1',1795900245360,1795900245387,NULL,NULL,NULL);
CREATE TABLE checkpoints (
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step >= 0),
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (trial_id, epoch, step),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
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
INSERT INTO "clips" VALUES(1,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO "clips" VALUES(1,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO "clips" VALUES(1,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO "clips" VALUES(1,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO "clips" VALUES(1,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO "clips" VALUES(1,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
INSERT INTO "clips" VALUES(1,'clip6.wav',0,'clip6.wav',1,'test',44100,1,1.0,'c287d50a3405c8270bc9c3f095b95c9fa1729461a0e4a2cd3c86874923eb9122');
INSERT INTO "clips" VALUES(1,'clip7.wav',1,'clip7.wav',1,'test',44100,1,1.0,'2e083038a869f5784056502c1b93aea35e63cf2d87acb8f6cdb6fe96b27143bf');
INSERT INTO "clips" VALUES(2,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO "clips" VALUES(2,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO "clips" VALUES(2,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO "clips" VALUES(2,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO "clips" VALUES(2,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO "clips" VALUES(2,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
INSERT INTO "clips" VALUES(2,'clip6.wav',0,'clip6.wav',1,'test',44100,1,1.0,'c287d50a3405c8270bc9c3f095b95c9fa1729461a0e4a2cd3c86874923eb9122');
INSERT INTO "clips" VALUES(2,'clip7.wav',1,'clip7.wav',1,'test',44100,1,1.0,'2e083038a869f5784056502c1b93aea35e63cf2d87acb8f6cdb6fe96b27143bf');
CREATE TABLE confusion_counts (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  true_index INTEGER NOT NULL,
  predicted_index INTEGER NOT NULL,
  clips INTEGER NOT NULL CHECK (clips > 0),
  PRIMARY KEY (evaluation_id, true_index, predicted_index)
) STRICT, WITHOUT ROWID;
INSERT INTO "confusion_counts" VALUES(1,0,0,1);
INSERT INTO "confusion_counts" VALUES(1,1,1,1);
INSERT INTO "confusion_counts" VALUES(2,0,0,1);
INSERT INTO "confusion_counts" VALUES(2,1,1,1);
INSERT INTO "confusion_counts" VALUES(3,0,0,1);
INSERT INTO "confusion_counts" VALUES(3,1,1,1);
INSERT INTO "confusion_counts" VALUES(4,0,0,1);
INSERT INTO "confusion_counts" VALUES(4,1,1,1);
CREATE TABLE database_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL CHECK (length(id) = 32)
) STRICT;
INSERT INTO "database_identity" VALUES(1,'57e420663293cb1128b6ae6f497bc441');
CREATE TABLE dataset_classes (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  class_index INTEGER NOT NULL CHECK (class_index >= 0),
  class TEXT NOT NULL,
  PRIMARY KEY (sweep_id, class_index)
) STRICT, WITHOUT ROWID;
INSERT INTO "dataset_classes" VALUES(1,0,'dog');
INSERT INTO "dataset_classes" VALUES(1,1,'siren');
INSERT INTO "dataset_classes" VALUES(2,0,'dog');
INSERT INTO "dataset_classes" VALUES(2,1,'siren');
CREATE TABLE dataset_weights (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  weights TEXT NOT NULL,
  weights_hash TEXT NOT NULL,
  PRIMARY KEY (sweep_id, weights)
) STRICT, WITHOUT ROWID;
INSERT INTO "dataset_weights" VALUES(1,'random','none');
INSERT INTO "dataset_weights" VALUES(2,'random','none');
CREATE TABLE datasets (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweeps (id) ON DELETE CASCADE,
  content_hash TEXT NOT NULL,
  clips INTEGER NOT NULL CHECK (clips >= 0),
  clips_skipped INTEGER NOT NULL CHECK (clips_skipped >= 0)
, trainer TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "datasets" VALUES(1,'scripted',8,0,'scripted 1.0');
INSERT INTO "datasets" VALUES(2,'scripted',8,0,'scripted 1.0');
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
INSERT INTO "evaluated_classes" VALUES(1,0,'dog',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(1,1,'siren',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(2,0,'dog',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(2,1,'siren',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(3,0,'dog',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(3,1,'siren',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(4,0,'dog',1.0,1.0,1.0,1);
INSERT INTO "evaluated_classes" VALUES(4,1,'siren',1.0,1.0,1.0,1);
CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  step INTEGER NOT NULL,
  UNIQUE (trial_id, epoch, split),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT;
INSERT INTO "evaluations" VALUES(1,1,1,'validation',2);
INSERT INTO "evaluations" VALUES(2,2,1,'validation',2);
INSERT INTO "evaluations" VALUES(3,3,1,'validation',2);
INSERT INTO "evaluations" VALUES(4,4,1,'validation',2);
CREATE TABLE metric_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "metric_names" VALUES(1,'validation/loss');
INSERT INTO "metric_names" VALUES(2,'validation/accuracy');
CREATE TABLE metrics (
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  name_id INTEGER NOT NULL REFERENCES metric_names (id),
  step INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (trial_id, epoch, name_id, step),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO "metrics" VALUES(1,1,1,1,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(1,1,1,2,0.5);
INSERT INTO "metrics" VALUES(1,1,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(1,1,2,2,0.5);
INSERT INTO "metrics" VALUES(2,1,1,1,0.8);
INSERT INTO "metrics" VALUES(2,1,1,2,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(2,1,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(2,1,2,2,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(3,1,1,1,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(3,1,1,2,0.5);
INSERT INTO "metrics" VALUES(3,1,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(3,1,2,2,0.5);
INSERT INTO "metrics" VALUES(4,1,1,1,0.8);
INSERT INTO "metrics" VALUES(4,1,1,2,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(4,1,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(4,1,2,2,3.3333333333333337034e-01);
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
INSERT INTO "parameters" VALUES(1,0,'learning_rate','real',0.5,'0.5');
INSERT INTO "parameters" VALUES(2,0,'learning_rate','real',0.25,'0.25');
INSERT INTO "parameters" VALUES(3,0,'learning_rate','real',0.5,'0.5');
INSERT INTO "parameters" VALUES(4,0,'learning_rate','real',0.25,'0.25');
CREATE TABLE predictions (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  clip TEXT NOT NULL,
  true_index INTEGER NOT NULL,
  predicted_index INTEGER NOT NULL,
  probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
  PRIMARY KEY (evaluation_id, clip)
) STRICT, WITHOUT ROWID;
INSERT INTO "predictions" VALUES(1,'clip4.wav',0,0,'[1,0]');
INSERT INTO "predictions" VALUES(1,'clip5.wav',1,1,'[0,1]');
INSERT INTO "predictions" VALUES(2,'clip4.wav',0,0,'[1,0]');
INSERT INTO "predictions" VALUES(2,'clip5.wav',1,1,'[0,1]');
INSERT INTO "predictions" VALUES(3,'clip4.wav',0,0,'[1,0]');
INSERT INTO "predictions" VALUES(3,'clip5.wav',1,1,'[0,1]');
INSERT INTO "predictions" VALUES(4,'clip4.wav',0,0,'[1,0]');
INSERT INTO "predictions" VALUES(4,'clip5.wav',1,1,'[0,1]');
CREATE TABLE preparations (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweeps (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  worker_id TEXT REFERENCES workers (id),
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'lost', 'released', 'cancelled'))
) STRICT;
INSERT INTO "preparations" VALUES(1,1,0,'worker-0-c9798a5e','913f2d8730a7be3301e005383178f714','finished');
INSERT INTO "preparations" VALUES(2,1,0,'worker-0-c9798a5e','b709eff1e9514b1e944018bd7c7f4c57','finished');
CREATE TABLE skipped_clips (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  clip TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE sweep_actions (
  id INTEGER PRIMARY KEY,
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  action TEXT NOT NULL CHECK (action IN ('pause', 'resume', 'cancel')),
  request TEXT NOT NULL CHECK (request <> ''),
  at_ms INTEGER NOT NULL,
  UNIQUE (sweep_id, request)
) STRICT;
CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  objective_metric TEXT NOT NULL,
  goal TEXT NOT NULL CHECK (goal IN ('maximize', 'minimize')),
  yaml TEXT NOT NULL,
  spec TEXT NOT NULL,
  request TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER
, paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)), state TEXT NOT NULL DEFAULT 'preparing'
  CHECK (state IN ('waiting', 'preparing', 'running', 'finished', 'failed', 'cancelled')), study TEXT NOT NULL DEFAULT '', study_id INTEGER REFERENCES sweeps (id) ON DELETE SET NULL) STRICT;
INSERT INTO "sweeps" VALUES(1,'labelled','','validation/accuracy','maximize','version: 1
name: labelled
dataset:
  format: esc50
  path: not-looked-at
  split: {by: fold, validation: [4], test: [5]}
  on_bad_clip: fail
features:
  representation: mel
  decibels: amplitude
  image: gray
  sample_rate: 22050
  n_fft: 2048
  hop_length: 512
  win_length: 0
  n_mels: 128
  fmin: 0.0
  fmax: 0.0
  top_db: 80.0
model:
  architecture: inception_v3
  weights: random
  trainable: head
training:
  steps: 2
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.25]
search:
  method: grid
seeds: 1
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 1
reuse: true
resources:
  labels: [fast]
priority: 3
max_parallel: 2
','version: 1
name: labelled
dataset:
  format: esc50
  path: not-looked-at
  split: {by: fold, validation: [4], test: [5]}
  on_bad_clip: fail
features:
  representation: mel
  decibels: amplitude
  image: gray
  sample_rate: 22050
  n_fft: 2048
  hop_length: 512
  win_length: 0
  n_mels: 128
  fmin: 0.0
  fmax: 0.0
  top_db: 80.0
model:
  architecture: inception_v3
  weights: random
  trainable: head
training:
  steps: 2
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.25]
search:
  method: grid
seeds: 1
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 1
reuse: true
resources:
  labels: [fast]
priority: 3
max_parallel: 2
','4bc2f17510ce1fe758bb0e83052913ff',1795900245217,1795900245387,0,'finished','',NULL);
INSERT INTO "sweeps" VALUES(2,'labelled','','validation/accuracy','maximize','version: 1
name: labelled
dataset:
  format: esc50
  path: not-looked-at
  split: {by: fold, validation: [4], test: [5]}
  on_bad_clip: fail
features:
  representation: mel
  decibels: amplitude
  image: gray
  sample_rate: 22050
  n_fft: 2048
  hop_length: 512
  win_length: 0
  n_mels: 128
  fmin: 0.0
  fmax: 0.0
  top_db: 80.0
model:
  architecture: inception_v3
  weights: random
  trainable: head
training:
  steps: 2
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.25]
search:
  method: grid
seeds: 1
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 1
reuse: true
resources:
  labels: [fast]
priority: 3
max_parallel: 2
','version: 1
name: labelled
dataset:
  format: esc50
  path: not-looked-at
  split: {by: fold, validation: [4], test: [5]}
  on_bad_clip: fail
features:
  representation: mel
  decibels: amplitude
  image: gray
  sample_rate: 22050
  n_fft: 2048
  hop_length: 512
  win_length: 0
  n_mels: 128
  fmin: 0.0
  fmax: 0.0
  top_db: 80.0
model:
  architecture: inception_v3
  weights: random
  trainable: head
training:
  steps: 2
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.25]
search:
  method: grid
seeds: 1
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 1
reuse: true
resources:
  labels: [fast]
priority: 3
max_parallel: 2
','3273afe3fe8128bddc4de0cc61d7be7b',1795900245880,1795900245893,0,'finished','',NULL);
CREATE TABLE takings (
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  from_sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  from_trial INTEGER CHECK (from_trial > 0),
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
  finished_ms INTEGER, key TEXT NOT NULL DEFAULT '', reused_from INTEGER REFERENCES trials (id) ON DELETE SET NULL,
  UNIQUE (sweep_id, number)
) STRICT;
INSERT INTO "trials" VALUES(1,1,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.5,"optimizer":"sgd","steps":2}}','finished',1,0,0.5,1795900245335,1795900245385,'b05dd9af8cfef6d1b9cf4ab69ec0e83386eab095d236abbf32722171a92dcef8',NULL);
INSERT INTO "trials" VALUES(2,1,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.25,"optimizer":"sgd","steps":2}}','finished',1,0,3.3333333333333337034e-01,1795900245335,1795900245387,'4138090883dd839c08dc7fe5dd11560360cfa16ea607fb3af2b0928efbd7debf',NULL);
INSERT INTO "trials" VALUES(3,2,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.5,"optimizer":"sgd","steps":2}}','finished',1,0,0.5,1795900245893,1795900245385,'b05dd9af8cfef6d1b9cf4ab69ec0e83386eab095d236abbf32722171a92dcef8',1);
INSERT INTO "trials" VALUES(4,2,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.25,"optimizer":"sgd","steps":2}}','finished',1,0,3.3333333333333337034e-01,1795900245893,1795900245387,'4138090883dd839c08dc7fe5dd11560360cfa16ea607fb3af2b0928efbd7debf',2);
CREATE TABLE validation_folds (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE warnings (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE workers (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  host TEXT NOT NULL,
  device TEXT NOT NULL,
  registered_ms INTEGER NOT NULL
, draining INTEGER NOT NULL DEFAULT 0 CHECK (draining IN (0, 1)), gpus INTEGER NOT NULL DEFAULT 0 CHECK (gpus >= 0), gpu_memory INTEGER NOT NULL DEFAULT 0 CHECK (gpu_memory >= 0), cpus INTEGER NOT NULL DEFAULT 0 CHECK (cpus >= 0), labels TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(labels))) STRICT, WITHOUT ROWID;
INSERT INTO "workers" VALUES('worker-0-c9798a5e','anna','cpu',1795900245180,0,0,0,1,'["fast"]');
CREATE INDEX sweeps_by_name ON sweeps (name);
CREATE UNIQUE INDEX sweeps_by_request ON sweeps (request) WHERE request <> '';
CREATE INDEX clips_by_class ON clips (sweep_id, class_index);
CREATE INDEX trials_by_cell ON trials (sweep_id, cell, state, objective, number);
CREATE INDEX trials_by_state ON trials (sweep_id, state);
CREATE INDEX parameters_by_value ON parameters (name, value);
CREATE UNIQUE INDEX finished_attempts ON attempts (trial_id) WHERE state = 'finished';
CREATE INDEX attempts_by_worker ON attempts (worker_id);
CREATE INDEX preparations_by_worker ON preparations (worker_id);
CREATE VIEW ranked_trials AS
SELECT trial_id, sweep_id, trial, objective, cell_objective,
  row_number() OVER (
    PARTITION BY sweep_id
    ORDER BY is_complete DESC, sign * cell_objective DESC NULLS LAST, sign * objective DESC NULLS LAST, trial) AS rank
FROM (
  SELECT t.id AS trial_id, t.sweep_id AS sweep_id, t.number AS trial, t.state AS state, t.objective AS objective,
    CASE (SELECT goal FROM sweeps WHERE id = t.sweep_id) WHEN 'minimize' THEN -1 ELSE 1 END AS sign,
    count(*) OVER cell = count(t.objective) OVER cell AS is_complete,
    CASE WHEN count(*) FILTER (WHERE t.state = 'failed' OR t.state = 'finished' AND t.objective IS NULL) OVER cell = 0
      THEN avg(t.objective) OVER cell END AS cell_objective
  FROM trials t
  WINDOW cell AS (PARTITION BY t.sweep_id, t.cell)
)
WHERE state = 'finished';
CREATE VIEW trial_metrics AS
SELECT t.sweep_id AS sweep_id, s.name AS sweep, t.number AS trial, m.step AS step, n.name AS metric, m.value AS value,
  t.id AS trial_id
FROM trials t
JOIN sweeps s ON s.id = t.sweep_id
JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
JOIN metrics m ON m.trial_id = a.trial_id AND m.epoch = a.epoch
JOIN metric_names n ON n.id = m.name_id;
CREATE VIEW finished_evaluations AS
SELECT e.id AS evaluation_id, t.sweep_id AS sweep_id, s.name AS sweep, t.number AS trial, e.split AS split,
  t.id AS trial_id
FROM trials t
JOIN sweeps s ON s.id = t.sweep_id
JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
JOIN evaluations e ON e.trial_id = a.trial_id AND e.epoch = a.epoch;
CREATE VIEW class_metrics AS
SELECT e.sweep_id AS sweep_id, e.sweep AS sweep, e.trial AS trial, e.split AS split, c.class AS class,
  c.precision AS precision, c.recall AS recall, c.f1 AS f1, c.support AS support, c.class_index AS class_index,
  e.trial_id AS trial_id
FROM finished_evaluations e
JOIN evaluated_classes c ON c.evaluation_id = e.evaluation_id;
CREATE VIEW confusion AS
SELECT e.sweep_id AS sweep_id, e.sweep AS sweep, e.trial AS trial, e.split AS split, truth.class AS true_class,
  predicted.class AS predicted_class, coalesce(k.clips, 0) AS clips,
  CASE WHEN truth.support > 0 THEN 1.0 * coalesce(k.clips, 0) / truth.support END AS fraction,
  truth.class_index AS true_index, predicted.class_index AS predicted_index, e.trial_id AS trial_id
FROM finished_evaluations e
JOIN evaluated_classes truth ON truth.evaluation_id = e.evaluation_id
JOIN evaluated_classes predicted ON predicted.evaluation_id = e.evaluation_id
LEFT JOIN confusion_counts k ON k.evaluation_id = e.evaluation_id AND k.true_index = truth.class_index
  AND k.predicted_index = predicted.class_index;
CREATE VIEW misclassified AS
SELECT e.sweep_id AS sweep_id, e.sweep AS sweep, e.trial AS trial, e.split AS split, p.clip AS clip,
  truth.class AS true_class, predicted.class AS predicted_class,
  p.probabilities ->> ('$[' || p.true_index || ']') AS true_probability,
  p.probabilities ->> ('$[' || p.predicted_index || ']') AS predicted_probability,
  (SELECT json_group_object(class, p.probabilities -> ('$[' || class_index || ']'))
   FROM (SELECT class, class_index FROM evaluated_classes WHERE evaluation_id = e.evaluation_id ORDER BY class_index)
  ) AS probabilities,
  e.trial_id AS trial_id
FROM finished_evaluations e
JOIN predictions p ON p.evaluation_id = e.evaluation_id AND p.true_index <> p.predicted_index
JOIN evaluated_classes truth ON truth.evaluation_id = e.evaluation_id AND truth.class_index = p.true_index
JOIN evaluated_classes predicted ON predicted.evaluation_id = e.evaluation_id
  AND predicted.class_index = p.predicted_index;
CREATE INDEX trials_by_source ON trials (reused_from) WHERE reused_from IS NOT NULL;
CREATE INDEX sweeps_by_study ON sweeps (study_id) WHERE study_id IS NOT NULL;
CREATE INDEX takings_by_source ON takings (from_sweep_id);
CREATE INDEX test_evaluations ON evaluations (trial_id, epoch) WHERE split = 'test';
CREATE VIEW test_reads AS
SELECT
  d.content_hash AS data_hash,
  row_number() OVER (PARTITION BY d.content_hash ORDER BY a.ended_ms, t.id) AS look,
  t.sweep_id AS sweep_id,
  s.name AS sweep,
  t.number AS trial,
  nullif(s.study, '') AS study,
  strftime('%Y-%m-%dT%H:%M:%SZ', a.ended_ms / 1000, 'unixepoch') AS read_at,
  s.objective_metric AS objective_metric,
  t.objective AS objective,
  t.id AS trial_id
FROM evaluations e
JOIN attempts a ON a.trial_id = e.trial_id AND a.epoch = e.epoch AND a.state = 'finished'
JOIN trials t ON t.id = e.trial_id AND t.reused_from IS NULL
JOIN sweeps s ON s.id = t.sweep_id
JOIN datasets d ON d.sweep_id = s.id
WHERE e.split = 'test';
CREATE VIEW all_warnings AS
SELECT sweep_id, position, message FROM warnings
UNION ALL
SELECT r.sweep_id, 1000000 + r.look,
  'the test part of this data has now been looked at ' || r.look || ' times: '
  || (SELECT group_concat('sweep ' || o.sweep_id || ' (' || o.sweep || ') at ' || o.read_at, ', ')
      FROM (SELECT * FROM test_reads WHERE data_hash = r.data_hash AND look <= r.look ORDER BY look) o)
  || '; what is chosen by it is no longer an honest result'
FROM test_reads r WHERE r.look > 1;
CREATE VIEW cells AS
SELECT
  c.sweep_id AS sweep_id,
  s.name AS sweep,
  row_number() OVER (PARTITION BY c.sweep_id ORDER BY c.best_rank NULLS LAST, c.cell) AS rank,
  c.cell AS cell,
  (SELECT coalesce(group_concat(name || '=' || text, ' '), '')
   FROM (SELECT name, text FROM parameters WHERE trial_id = c.first_trial_id ORDER BY position)) AS parameters,
  s.objective_metric AS objective_metric,
  CASE WHEN c.failed = 0 THEN c.mean END AS objective_mean,
  CASE WHEN c.failed = 0 AND c.finished > 1 THEN sqrt(c.squares / (c.finished - 1)) END AS objective_deviation,
  CASE WHEN c.failed = 0 THEN c.lowest END AS objective_min,
  CASE WHEN c.failed = 0 THEN c.highest END AS objective_max,
  c.trials AS trials,
  c.finished AS trials_finished,
  c.failed AS trials_failed,
  c.open AS trials_open,
  (SELECT json_group_object(name, CASE kind WHEN 'boolean' THEN json(text) ELSE value END)
   FROM (SELECT name, kind, value, text FROM parameters WHERE trial_id = c.first_trial_id ORDER BY position))
    AS parameters_json,
  (SELECT trial FROM ranked_trials WHERE sweep_id = c.sweep_id AND rank = c.best_rank) AS best_trial
FROM (
  SELECT t.sweep_id AS sweep_id, t.cell AS cell, min(t.id) AS first_trial_id, min(r.rank) AS best_rank,
    avg(t.objective) AS mean, sum(t.off * t.off) AS squares, min(t.objective) AS lowest, max(t.objective) AS highest,
    count(*) AS trials, count(t.objective) AS finished,
    sum(t.state = 'failed' OR t.state = 'finished' AND t.objective IS NULL) AS failed,
    sum(t.state IN ('pending', 'running')) AS open
  FROM (SELECT id, sweep_id, cell, state, objective,
          objective - avg(objective) OVER (PARTITION BY sweep_id, cell) AS off FROM trials) t
  LEFT JOIN ranked_trials r ON r.trial_id = t.id
  GROUP BY t.sweep_id, t.cell
) c
JOIN sweeps s ON s.id = c.sweep_id
ORDER BY c.sweep_id DESC, rank;
CREATE VIEW leaderboard AS
SELECT
  r.sweep_id AS sweep_id,
  s.name AS sweep,
  r.rank AS rank,
  r.trial AS trial,
  (SELECT coalesce(group_concat(name || '=' || text, ' '), '')
   FROM (SELECT name, text FROM parameters WHERE trial_id = t.id ORDER BY position)) AS parameters,
  t.settings ->> '$.training.learning_rate' AS learning_rate,
  t.settings ->> '$.training.batch_size' AS batch_size,
  t.seed AS seed,
  nullif(t.validation_fold, 0) AS fold,
  s.objective_metric AS objective_metric,
  t.objective AS objective,
  r.cell_objective AS cell_objective,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'validation/accuracy')
   ORDER BY step DESC LIMIT 1) AS validation_accuracy,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'validation/loss')
   ORDER BY step DESC LIMIT 1) AS validation_loss,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'train/accuracy')
   ORDER BY step DESC LIMIT 1) AS train_accuracy,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'train/loss')
   ORDER BY step DESC LIMIT 1) AS train_loss,
  t.settings ->> '$.training.steps' AS steps,
  round((a.ended_ms - a.started_ms) / 1000.0, 3) AS duration_s,
  a.worker_id AS worker,
  w.device AS device,
  (SELECT coalesce(group_concat(message, '; '), '')
   FROM (SELECT message FROM all_warnings WHERE sweep_id = s.id ORDER BY position)) AS warnings,
  d.clips_skipped AS clips_skipped,
  strftime('%Y-%m-%dT%H:%M:%SZ', t.finished_ms / 1000, 'unixepoch') AS finished_at,
  a.checkpoint AS checkpoint,
  (SELECT json_group_object(name, CASE kind WHEN 'boolean' THEN json(text) ELSE value END)
   FROM (SELECT name, kind, value, text FROM parameters WHERE trial_id = t.id ORDER BY position)) AS parameters_json,
  t.settings AS settings,
  t.id AS trial_id
-- CROSS JOIN: the ranking is made once, and leads.
FROM ranked_trials r
CROSS JOIN trials t ON t.id = r.trial_id
CROSS JOIN sweeps s ON s.id = r.sweep_id
LEFT JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
LEFT JOIN workers w ON w.id = a.worker_id
LEFT JOIN datasets d ON d.sweep_id = s.id
ORDER BY r.sweep_id DESC, r.rank;
CREATE VIEW best_run AS
SELECT
  l.sweep_id AS sweep_id,
  l.sweep AS sweep,
  (SELECT state FROM sweeps WHERE id = l.sweep_id) AS sweep_state,
  (SELECT count(*) FROM trials WHERE sweep_id = l.sweep_id) AS trials,
  (SELECT count(*) FROM trials WHERE sweep_id = l.sweep_id AND state = 'finished') AS trials_finished,
  l.trial AS trial,
  l.parameters AS parameters,
  l.learning_rate AS learning_rate,
  l.batch_size AS batch_size,
  l.seed AS seed,
  l.fold AS fold,
  l.objective_metric AS objective_metric,
  l.objective AS objective,
  l.cell_objective AS cell_objective,
  l.validation_accuracy AS validation_accuracy,
  l.validation_loss AS validation_loss,
  l.train_accuracy AS train_accuracy,
  l.train_loss AS train_loss,
  l.steps AS steps,
  l.duration_s AS duration_s,
  l.worker AS worker,
  l.device AS device,
  l.warnings AS warnings,
  l.clips_skipped AS clips_skipped,
  l.finished_at AS finished_at,
  l.checkpoint AS checkpoint,
  l.parameters_json AS parameters_json,
  l.settings AS settings,
  l.trial_id AS trial_id
FROM leaderboard l
WHERE l.rank = 1
ORDER BY l.sweep_id DESC;
COMMIT;
