-- A results database as melsweep with schema version 3 left it: a sweep whose trials lost a group's trainer, two of which
-- failed for good, and one that took results over from it.
PRAGMA application_id = 1296847703;
PRAGMA user_version = 3;
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
INSERT INTO "attempts" VALUES(1,1,'worker-0','416ad7a10d7cc4f5a88f4d659a5b701d','released',NULL,NULL,NULL,NULL,NULL,1795547173966,1795547173971,NULL,NULL,'group_died');
INSERT INTO "attempts" VALUES(1,2,'worker-0','ddf4308860c11d626a14ad4f8dab45e9','finished',NULL,NULL,4,'/artifacts/sweep-1/trial-1/attempt-2/step-4.safetensors','5a1fdfb08a194491851632f85d8ae2c1d34fdf1178ba35db9747f43edcb99347',1795547174165,1795547174272,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(2,1,'worker-0','416ad7a10d7cc4f5a88f4d659a5b701d','released',NULL,NULL,NULL,NULL,NULL,1795547173966,1795547173971,NULL,NULL,'group_died');
INSERT INTO "attempts" VALUES(2,2,'worker-0','b38ffc9519a2a08d583ba2716e96b6a7','finished',NULL,NULL,4,'/artifacts/sweep-1/trial-2/attempt-2/step-4.safetensors','5a1fdfb08a194491851632f85d8ae2c1d34fdf1178ba35db9747f43edcb99347',1795547174273,1795547174307,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(3,1,'worker-0','416ad7a10d7cc4f5a88f4d659a5b701d','released',NULL,NULL,NULL,NULL,NULL,1795547173966,1795547173971,NULL,NULL,'group_died');
INSERT INTO "attempts" VALUES(3,2,'worker-0','e5e8ad0ddaaa58d6135b8fd9c490be9a','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795547174311,1795547174318,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(3,3,'worker-0','f11153c00838cfe267b9ba0a442d6c24','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795547175352,1795547175420,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(4,1,'worker-0','416ad7a10d7cc4f5a88f4d659a5b701d','released',NULL,NULL,NULL,NULL,NULL,1795547173966,1795547173971,NULL,NULL,'group_died');
INSERT INTO "attempts" VALUES(4,2,'worker-0','a3c3eaca75c1fc5d88e17df814fbd512','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795547174349,1795547174505,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(4,3,'worker-0','3b05e0acdcae72395ce4179702edfe6f','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795547177342,1795547177492,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(5,1,'worker-0','','finished',NULL,NULL,4,'/artifacts/sweep-1/trial-1/attempt-2/step-4.safetensors','5a1fdfb08a194491851632f85d8ae2c1d34fdf1178ba35db9747f43edcb99347',1795547174165,1795547174272,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(6,1,'worker-0','24963ae0ba7cd4974af37b2e1d88bcab','finished',NULL,NULL,4,'/artifacts/sweep-2/trial-6/attempt-1/step-4.safetensors','883ea16a8f3bb6ec87146260e4241d4ca7eb1c09b9be1c59c6f6b0d6119b522f',1795547178878,1795547178899,NULL,NULL,NULL);
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
INSERT INTO "clips" VALUES(2,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO "clips" VALUES(2,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO "clips" VALUES(2,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO "clips" VALUES(2,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO "clips" VALUES(2,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO "clips" VALUES(2,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
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
INSERT INTO "database_identity" VALUES(1,'af00fbdcf25342b52a1b30bc69d93f9b');
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
INSERT INTO "datasets" VALUES(1,'scripted',6,0,'scripted 1.0');
INSERT INTO "datasets" VALUES(2,'scripted',6,0,'scripted 1.0');
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
INSERT INTO "evaluations" VALUES(1,1,2,'validation',4);
INSERT INTO "evaluations" VALUES(2,2,2,'validation',4);
INSERT INTO "evaluations" VALUES(3,5,1,'validation',4);
INSERT INTO "evaluations" VALUES(4,6,1,'validation',4);
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
INSERT INTO "metrics" VALUES(1,1,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(1,2,1,1,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(1,2,1,2,0.5);
INSERT INTO "metrics" VALUES(1,2,1,3,0.4);
INSERT INTO "metrics" VALUES(1,2,1,4,3.33333333333333314829e-01);
INSERT INTO "metrics" VALUES(1,2,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(1,2,2,2,0.5);
INSERT INTO "metrics" VALUES(1,2,2,3,0.6);
INSERT INTO "metrics" VALUES(1,2,2,4,6.66666666666666740681e-01);
INSERT INTO "metrics" VALUES(2,1,1,1,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(2,1,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(2,2,1,1,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(2,2,1,2,0.5);
INSERT INTO "metrics" VALUES(2,2,1,3,0.4);
INSERT INTO "metrics" VALUES(2,2,1,4,3.33333333333333314829e-01);
INSERT INTO "metrics" VALUES(2,2,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(2,2,2,2,0.5);
INSERT INTO "metrics" VALUES(2,2,2,3,0.6);
INSERT INTO "metrics" VALUES(2,2,2,4,6.66666666666666740681e-01);
INSERT INTO "metrics" VALUES(3,1,1,1,0.8);
INSERT INTO "metrics" VALUES(3,1,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(3,2,1,1,0.8);
INSERT INTO "metrics" VALUES(3,2,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(3,3,1,1,0.8);
INSERT INTO "metrics" VALUES(3,3,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(4,2,1,1,0.8);
INSERT INTO "metrics" VALUES(4,2,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(4,3,1,1,0.8);
INSERT INTO "metrics" VALUES(4,3,2,1,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(5,1,1,1,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(5,1,1,2,0.5);
INSERT INTO "metrics" VALUES(5,1,1,3,0.4);
INSERT INTO "metrics" VALUES(5,1,1,4,3.33333333333333314829e-01);
INSERT INTO "metrics" VALUES(5,1,2,1,3.3333333333333337034e-01);
INSERT INTO "metrics" VALUES(5,1,2,2,0.5);
INSERT INTO "metrics" VALUES(5,1,2,3,0.6);
INSERT INTO "metrics" VALUES(5,1,2,4,6.66666666666666740681e-01);
INSERT INTO "metrics" VALUES(6,1,1,1,8.88888888888888839545e-01);
INSERT INTO "metrics" VALUES(6,1,1,2,0.8);
INSERT INTO "metrics" VALUES(6,1,1,3,7.27272727272727292913e-01);
INSERT INTO "metrics" VALUES(6,1,1,4,6.66666666666666629659e-01);
INSERT INTO "metrics" VALUES(6,1,2,1,1.11111111111111160454e-01);
INSERT INTO "metrics" VALUES(6,1,2,2,1.99999999999999955591e-01);
INSERT INTO "metrics" VALUES(6,1,2,3,2.72727272727272707086e-01);
INSERT INTO "metrics" VALUES(6,1,2,4,3.3333333333333337034e-01);
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
INSERT INTO "parameters" VALUES(2,0,'learning_rate','real',0.5,'0.5');
INSERT INTO "parameters" VALUES(3,0,'learning_rate','real',0.25,'0.25');
INSERT INTO "parameters" VALUES(4,0,'learning_rate','real',0.25,'0.25');
INSERT INTO "parameters" VALUES(5,0,'learning_rate','real',0.5,'0.5');
INSERT INTO "parameters" VALUES(6,0,'learning_rate','real',0.125,'0.125');
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
INSERT INTO "preparations" VALUES(1,1,0,'worker-0','b4793c9b60f2a5b72b4ed2f73e240e63','finished');
INSERT INTO "preparations" VALUES(2,1,0,'worker-0','9b4e7a096c472957b6796731b11a586d','finished');
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
  state TEXT NOT NULL CHECK (state IN ('preparing', 'running', 'finished', 'failed', 'cancelled')),
  reason TEXT NOT NULL,
  objective_metric TEXT NOT NULL,
  goal TEXT NOT NULL CHECK (goal IN ('maximize', 'minimize')),
  yaml TEXT NOT NULL,
  spec TEXT NOT NULL,
  request TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER
, paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))) STRICT;
INSERT INTO "sweeps" VALUES(1,'groups','finished','','validation/accuracy','maximize','version: 1
name: groups
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
  steps: 4
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.25]
search:
  method: grid
seeds: 2
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 2
reuse: true
','version: 1
name: groups
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
  steps: 4
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.25]
search:
  method: grid
seeds: 2
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 2
reuse: true
','89724f320522a225ae8f03b09618807f',1795547173839,1795547177492,0);
INSERT INTO "sweeps" VALUES(2,'edited','finished','','validation/accuracy','maximize','version: 1
name: edited
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
  steps: 4
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.125]
search:
  method: grid
seeds: 1
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 3
reuse: true
','version: 1
name: edited
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
  steps: 4
  evaluate_every: 1
  batch_size: 100
  optimizer: sgd
  augmentation: none
parameters:
  learning_rate: [0.5, 0.125]
search:
  method: grid
seeds: 1
objective:
  metric: validation/accuracy
  goal: maximize
retry:
  max_attempts: 3
reuse: true
','e12cb58f5a986dea9fb33f42a79d7569',1795547177948,1795547178899,0);
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
INSERT INTO "trials" VALUES(1,1,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.5,"optimizer":"sgd","steps":4}}','finished',2,0,6.66666666666666740681e-01,1795547173955,1795547174272,'51c61f4f326dba2a5458876129f242311531649aa4a40a9f990fa7578859b8d6',NULL);
INSERT INTO "trials" VALUES(2,1,2,0,1,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.5,"optimizer":"sgd","steps":4}}','finished',2,0,6.66666666666666740681e-01,1795547173955,1795547174307,'e13245ef5bb113c24eebe03a8851706357548b3bb0c9d9ccf84ddb4c5bf1ef6b',NULL);
INSERT INTO "trials" VALUES(3,1,3,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.25,"optimizer":"sgd","steps":4}}','failed',3,2,NULL,1795547173955,1795547175420,'4d33ae685f74683322c0503904f6e97c3de7bdd131dec6b1f7123b5927c559fc',NULL);
INSERT INTO "trials" VALUES(4,1,4,1,1,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.25,"optimizer":"sgd","steps":4}}','failed',3,2,NULL,1795547173955,1795547177492,'3d86d8548230b140fd1ebbe119209a309d635e0b335d4fabb747650f538dca84',NULL);
INSERT INTO "trials" VALUES(5,2,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.5,"optimizer":"sgd","steps":4}}','finished',1,0,6.66666666666666740681e-01,1795547178876,1795547174272,'51c61f4f326dba2a5458876129f242311531649aa4a40a9f990fa7578859b8d6',1);
INSERT INTO "trials" VALUES(6,2,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":1,"learning_rate":0.125,"optimizer":"sgd","steps":4}}','finished',1,0,3.3333333333333337034e-01,1795547178876,1795547178899,'be872c84cc832d2dedc72923891c2525af63ebf51cfbc3fdd4b3ef5859071d9f',NULL);
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
, draining INTEGER NOT NULL DEFAULT 0 CHECK (draining IN (0, 1))) STRICT, WITHOUT ROWID;
INSERT INTO "workers" VALUES('worker-0','bench','cpu',1795547173824,0);
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
   FROM (SELECT message FROM warnings WHERE sweep_id = s.id ORDER BY position)) AS warnings,
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
COMMIT;
