-- A results database as melsweep with schema version 1 left it: a sweep finished, one failed, one cancelled, one running.
PRAGMA application_id = 1296847703;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE database_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL CHECK (length(id) = 32)
) STRICT;
INSERT INTO database_identity VALUES(1,'c9fd60d04ee5a031b18dc326a885a3ac');
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
INSERT INTO sweeps VALUES(1,'grid','finished','','validation/accuracy','maximize',replace('version: 1\nname: grid\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 1000\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),replace('version: 1\nname: grid\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 1000\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),'23c3ed02b1203282aaa01c5c6fa360f3',1795519266473,1795519266795);
INSERT INTO sweeps VALUES(2,'poison','failed','every trial failed (4 of them); the last one: the trainer was killed by signal 9 (Killed)','validation/accuracy','maximize',replace('version: 1\nname: poison\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 666\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),replace('version: 1\nname: poison\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 666\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),'b58b223facc653b7f561fc127bb8de02',1795519267038,1795519267693);
INSERT INTO sweeps VALUES(3,'slow','cancelled','','validation/accuracy','maximize',replace('version: 1\nname: slow\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 777\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),replace('version: 1\nname: slow\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 777\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),'b947fa61ec464b77bba1447c4f45231d',1795519268099,1795519271132);
INSERT INTO sweeps VALUES(4,'unfinished','running','','validation/accuracy','maximize',replace('version: 1\nname: unfinished\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 777\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),replace('version: 1\nname: unfinished\ndataset:\n  format: esc50\n  path: data/sound\n  split: {by: fold, validation: [4], test: [5]}\n  on_bad_clip: fail\nfeatures:\n  representation: mel\n  decibels: amplitude\n  image: gray\n  sample_rate: 22050\n  n_fft: 2048\n  hop_length: 512\n  win_length: 0\n  n_mels: 128\n  fmin: 0.0\n  fmax: 0.0\n  top_db: 80.0\nmodel:\n  architecture: inception_v3\n  weights: random\n  trainable: head\ntraining:\n  steps: 777\n  evaluate_every: 100\n  optimizer: sgd\n  augmentation: none\nparameters:\n  learning_rate: [0.01, 0.05]\n  batch_size: [50, 100]\nsearch:\n  method: grid\nseeds: 1\nobjective:\n  metric: validation/accuracy\n  goal: maximize\nretry:\n  max_attempts: 1\n','\n',char(10)),'b733b2aed3e5ea37c663cc5da7e5d50c',1795519272169,NULL);
CREATE TABLE datasets (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweeps (id) ON DELETE CASCADE,
  content_hash TEXT NOT NULL,
  clips INTEGER NOT NULL CHECK (clips >= 0),
  clips_skipped INTEGER NOT NULL CHECK (clips_skipped >= 0)
) STRICT;
INSERT INTO datasets VALUES(1,'toy',6,0);
INSERT INTO datasets VALUES(2,'toy',6,0);
INSERT INTO datasets VALUES(3,'toy',6,0);
INSERT INTO datasets VALUES(4,'toy',6,0);
CREATE TABLE dataset_weights (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  weights TEXT NOT NULL,
  weights_hash TEXT NOT NULL,
  PRIMARY KEY (sweep_id, weights)
) STRICT, WITHOUT ROWID;
INSERT INTO dataset_weights VALUES(1,'random','none');
INSERT INTO dataset_weights VALUES(2,'random','none');
INSERT INTO dataset_weights VALUES(3,'random','none');
INSERT INTO dataset_weights VALUES(4,'random','none');
CREATE TABLE dataset_classes (
  sweep_id INTEGER NOT NULL REFERENCES datasets (sweep_id) ON DELETE CASCADE,
  class_index INTEGER NOT NULL CHECK (class_index >= 0),
  class TEXT NOT NULL,
  PRIMARY KEY (sweep_id, class_index)
) STRICT, WITHOUT ROWID;
INSERT INTO dataset_classes VALUES(1,0,'dog');
INSERT INTO dataset_classes VALUES(1,1,'siren');
INSERT INTO dataset_classes VALUES(2,0,'dog');
INSERT INTO dataset_classes VALUES(2,1,'siren');
INSERT INTO dataset_classes VALUES(3,0,'dog');
INSERT INTO dataset_classes VALUES(3,1,'siren');
INSERT INTO dataset_classes VALUES(4,0,'dog');
INSERT INTO dataset_classes VALUES(4,1,'siren');
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
INSERT INTO clips VALUES(1,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO clips VALUES(1,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO clips VALUES(1,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO clips VALUES(1,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO clips VALUES(1,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO clips VALUES(1,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
INSERT INTO clips VALUES(2,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO clips VALUES(2,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO clips VALUES(2,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO clips VALUES(2,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO clips VALUES(2,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO clips VALUES(2,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
INSERT INTO clips VALUES(3,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO clips VALUES(3,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO clips VALUES(3,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO clips VALUES(3,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO clips VALUES(3,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO clips VALUES(3,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
INSERT INTO clips VALUES(4,'clip0.wav',0,'clip0.wav',1,'train',44100,1,1.0,'759ed29a6f37e36323852836879b0cb00b88204a6f0ba5aad6a9fc2dd54e25ce');
INSERT INTO clips VALUES(4,'clip1.wav',1,'clip1.wav',1,'train',44100,1,1.0,'e54a2def31d53da7585ab81cd69e30847292e53c0cce11b1f650381703d621b0');
INSERT INTO clips VALUES(4,'clip2.wav',0,'clip2.wav',1,'train',44100,1,1.0,'51f6a6c2921d76b3f69b3178b74e0100d1861cf87acb0dbd30702cb2728f7a1e');
INSERT INTO clips VALUES(4,'clip3.wav',1,'clip3.wav',1,'train',44100,1,1.0,'f82db1bf7ccbaf4635582cdfb76f5a7daab0c62f8a9afa4d6cf280754ab8f40d');
INSERT INTO clips VALUES(4,'clip4.wav',0,'clip4.wav',1,'validation',44100,1,1.0,'fad9b5fd953e9bcfbd35f8952f15ed30020133507af6016de834a601f298545c');
INSERT INTO clips VALUES(4,'clip5.wav',1,'clip5.wav',1,'validation',44100,1,1.0,'f09ac7b9e5dba54ddaf374735f2e0000a91616d7facd846c35d077d89e3afef7');
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
INSERT INTO trials VALUES(1,1,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":1000}}','finished',1,0,0.90909090909090906063,1795519266636,1795519266795);
INSERT INTO trials VALUES(2,1,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":1000}}','finished',1,0,0.90909090909090906063,1795519266636,1795519266643);
INSERT INTO trials VALUES(3,1,3,2,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":1000}}','finished',1,0,0.98039215686274505667,1795519266636,1795519266648);
INSERT INTO trials VALUES(4,1,4,3,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":1000}}','finished',1,0,0.98039215686274505667,1795519266636,1795519266659);
INSERT INTO trials VALUES(5,2,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":666}}','failed',1,1,NULL,1795519267041,1795519267050);
INSERT INTO trials VALUES(6,2,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":666}}','failed',1,1,NULL,1795519267041,1795519267047);
INSERT INTO trials VALUES(7,2,3,2,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":666}}','failed',1,1,NULL,1795519267041,1795519267581);
INSERT INTO trials VALUES(8,2,4,3,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":666}}','failed',1,1,NULL,1795519267041,1795519267693);
INSERT INTO trials VALUES(9,3,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":777}}','cancelled',1,0,NULL,1795519268241,1795519271132);
INSERT INTO trials VALUES(10,3,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":777}}','cancelled',1,0,NULL,1795519268241,1795519271132);
INSERT INTO trials VALUES(11,3,3,2,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":777}}','cancelled',0,0,NULL,1795519268241,1795519271132);
INSERT INTO trials VALUES(12,3,4,3,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":777}}','cancelled',0,0,NULL,1795519268241,1795519271132);
INSERT INTO trials VALUES(13,4,1,0,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":777}}','running',1,0,NULL,1795519272174,NULL);
INSERT INTO trials VALUES(14,4,2,1,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.01,"optimizer":"sgd","steps":777}}','running',1,0,NULL,1795519272174,NULL);
INSERT INTO trials VALUES(15,4,3,2,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":50,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":777}}','pending',0,0,NULL,1795519272174,NULL);
INSERT INTO trials VALUES(16,4,4,3,0,0,'{"features":{"decibels":"amplitude","fmax":0.0,"fmin":0.0,"hop_length":512,"image":"gray","n_fft":2048,"n_mels":128,"representation":"mel","sample_rate":22050,"top_db":80.0,"win_length":0},"model":{"architecture":"inception_v3","trainable":"head","weights":"random"},"training":{"augmentation":"none","batch_size":100,"evaluate_every":100,"learning_rate":0.05,"optimizer":"sgd","steps":777}}','pending',0,0,NULL,1795519272174,NULL);
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
INSERT INTO parameters VALUES(1,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(1,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(2,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(2,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(3,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(3,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(4,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(4,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(5,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(5,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(6,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(6,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(7,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(7,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(8,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(8,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(9,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(9,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(10,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(10,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(11,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(11,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(12,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(12,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(13,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(13,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(14,0,'learning_rate','real',0.010000000000000000208,'0.01');
INSERT INTO parameters VALUES(14,1,'batch_size','integer',100,'100');
INSERT INTO parameters VALUES(15,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(15,1,'batch_size','integer',50,'50');
INSERT INTO parameters VALUES(16,0,'learning_rate','real',0.050000000000000002775,'0.05');
INSERT INTO parameters VALUES(16,1,'batch_size','integer',100,'100');
CREATE TABLE workers (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  host TEXT NOT NULL,
  device TEXT NOT NULL,
  registered_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO workers VALUES('alice-f65024d4','a-host','cpu',1795519266466);
INSERT INTO workers VALUES('bob-8db03e22','a-host','cpu',1795519266471);
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
INSERT INTO attempts VALUES(1,1,'bob-8db03e22','f33b802c50a524b11f78b15de2e808d6','finished',NULL,NULL,1000,'/var/lib/melsweep/d2/artifacts/c9fd60d04ee5a031b18dc326a885a3ac/sweep-1/trial-1/attempt-1/checkpoint.json','35036f4d34a3ff14baeee44007e43080032edd9f23caee9cc4b9aa3ceff4a700',1795519266636,1795519266795);
INSERT INTO attempts VALUES(2,1,'alice-f65024d4','0687538df3fffeab7a41097ea9eea581','finished',NULL,NULL,1000,'/var/lib/melsweep/d1/artifacts/c9fd60d04ee5a031b18dc326a885a3ac/sweep-1/trial-2/attempt-1/checkpoint.json','96d50410a47448dc50833e63dfb107a29a2dde975e11ca860bbb010ddf76b7a1',1795519266638,1795519266643);
INSERT INTO attempts VALUES(3,1,'alice-f65024d4','40365341a1c76fd8df41bae9a5df5ab8','finished',NULL,NULL,1000,'/var/lib/melsweep/d1/artifacts/c9fd60d04ee5a031b18dc326a885a3ac/sweep-1/trial-3/attempt-1/checkpoint.json','e8d38a39a7972dea82dc0afe327a2eb39d0e606424e26be4e1b4f02becf05ee4',1795519266644,1795519266648);
INSERT INTO attempts VALUES(4,1,'alice-f65024d4','202f2c5ea987decc2cf11241e9672964','finished',NULL,NULL,1000,'/var/lib/melsweep/d1/artifacts/c9fd60d04ee5a031b18dc326a885a3ac/sweep-1/trial-4/attempt-1/checkpoint.json','75c742b73b94c033559bc8bc5f1789081d24af4e3122c2dbd424f845e3896932',1795519266649,1795519266659);
INSERT INTO attempts VALUES(5,1,'bob-8db03e22','95b6e62bf348ce098a17bd8ecc4cebcb','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795519267041,1795519267050);
INSERT INTO attempts VALUES(6,1,'alice-f65024d4','47ee5e70a521af38dcd230d7433da58e','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795519267043,1795519267047);
INSERT INTO attempts VALUES(7,1,'bob-8db03e22','f290aa4c6ce3826f550a12d8937bdbc2','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795519267426,1795519267581);
INSERT INTO attempts VALUES(8,1,'alice-f65024d4','5fe3f4221845135dd39a10a9ee78e98b','failed','trainer_died','the trainer was killed by signal 9 (Killed)',NULL,NULL,NULL,1795519267520,1795519267693);
INSERT INTO attempts VALUES(9,1,'bob-8db03e22','11c60ea5812f1da243c4e1789420d7da','cancelled',NULL,NULL,NULL,NULL,NULL,1795519268243,1795519271132);
INSERT INTO attempts VALUES(10,1,'alice-f65024d4','5d270fe25a5054d56961936cb723258d','cancelled',NULL,NULL,NULL,NULL,NULL,1795519268642,1795519271132);
INSERT INTO attempts VALUES(13,1,'alice-f65024d4','66b83702299e1333baa616330826f4dc','running',NULL,NULL,NULL,NULL,NULL,1795519272174,NULL);
INSERT INTO attempts VALUES(14,1,'bob-8db03e22','9027b0825306df7f55cf54cbd076bee3','running',NULL,NULL,NULL,NULL,NULL,1795519272176,NULL);
CREATE TABLE preparations (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweeps (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  worker_id TEXT REFERENCES workers (id),
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'lost', 'released', 'cancelled'))
) STRICT;
INSERT INTO preparations VALUES(1,1,0,'alice-f65024d4','7552f3692a64e10f95286e3d4bb31797','finished');
INSERT INTO preparations VALUES(2,1,0,'alice-f65024d4','fca748f0b8f2f24cf0563e489652e373','finished');
INSERT INTO preparations VALUES(3,1,0,'bob-8db03e22','2b2b2c074ea76e8bf1a56a933d4fca99','finished');
INSERT INTO preparations VALUES(4,1,0,'bob-8db03e22','6e2bec3824767563ee30b4e9dca07b92','finished');
CREATE TABLE metric_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO metric_names VALUES(1,'validation/loss');
INSERT INTO metric_names VALUES(2,'validation/accuracy');
CREATE TABLE metrics (
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  name_id INTEGER NOT NULL REFERENCES metric_names (id),
  step INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (trial_id, epoch, name_id, step),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO metrics VALUES(1,1,1,100,0.5);
INSERT INTO metrics VALUES(1,1,1,200,0.33333333333333331482);
INSERT INTO metrics VALUES(1,1,1,300,0.25);
INSERT INTO metrics VALUES(1,1,1,400,0.2000000000000000111);
INSERT INTO metrics VALUES(1,1,1,500,0.16666666666666665741);
INSERT INTO metrics VALUES(1,1,1,600,0.14285714285714284921);
INSERT INTO metrics VALUES(1,1,1,700,0.125);
INSERT INTO metrics VALUES(1,1,1,800,0.11111111111111110494);
INSERT INTO metrics VALUES(1,1,1,900,0.10000000000000000555);
INSERT INTO metrics VALUES(1,1,1,1000,0.090909090909090911614);
INSERT INTO metrics VALUES(1,1,2,100,0.5);
INSERT INTO metrics VALUES(1,1,2,200,0.66666666666666674068);
INSERT INTO metrics VALUES(1,1,2,300,0.75);
INSERT INTO metrics VALUES(1,1,2,400,0.8000000000000000444);
INSERT INTO metrics VALUES(1,1,2,500,0.83333333333333337034);
INSERT INTO metrics VALUES(1,1,2,600,0.85714285714285720629);
INSERT INTO metrics VALUES(1,1,2,700,0.875);
INSERT INTO metrics VALUES(1,1,2,800,0.88888888888888883954);
INSERT INTO metrics VALUES(1,1,2,900,0.9000000000000000222);
INSERT INTO metrics VALUES(1,1,2,1000,0.90909090909090906063);
INSERT INTO metrics VALUES(2,1,1,100,0.5);
INSERT INTO metrics VALUES(2,1,1,200,0.33333333333333331482);
INSERT INTO metrics VALUES(2,1,1,300,0.25);
INSERT INTO metrics VALUES(2,1,1,400,0.2000000000000000111);
INSERT INTO metrics VALUES(2,1,1,500,0.16666666666666665741);
INSERT INTO metrics VALUES(2,1,1,600,0.14285714285714284921);
INSERT INTO metrics VALUES(2,1,1,700,0.125);
INSERT INTO metrics VALUES(2,1,1,800,0.11111111111111110494);
INSERT INTO metrics VALUES(2,1,1,900,0.10000000000000000555);
INSERT INTO metrics VALUES(2,1,1,1000,0.090909090909090911614);
INSERT INTO metrics VALUES(2,1,2,100,0.5);
INSERT INTO metrics VALUES(2,1,2,200,0.66666666666666674068);
INSERT INTO metrics VALUES(2,1,2,300,0.75);
INSERT INTO metrics VALUES(2,1,2,400,0.8000000000000000444);
INSERT INTO metrics VALUES(2,1,2,500,0.83333333333333337034);
INSERT INTO metrics VALUES(2,1,2,600,0.85714285714285720629);
INSERT INTO metrics VALUES(2,1,2,700,0.875);
INSERT INTO metrics VALUES(2,1,2,800,0.88888888888888883954);
INSERT INTO metrics VALUES(2,1,2,900,0.9000000000000000222);
INSERT INTO metrics VALUES(2,1,2,1000,0.90909090909090906063);
INSERT INTO metrics VALUES(3,1,1,100,0.16666666666666665741);
INSERT INTO metrics VALUES(3,1,1,200,0.090909090909090911614);
INSERT INTO metrics VALUES(3,1,1,300,0.0625);
INSERT INTO metrics VALUES(3,1,1,400,0.047619047619047616404);
INSERT INTO metrics VALUES(3,1,1,500,0.038461538461538463673);
INSERT INTO metrics VALUES(3,1,1,600,0.032258064516129031362);
INSERT INTO metrics VALUES(3,1,1,700,0.027777777777777776235);
INSERT INTO metrics VALUES(3,1,1,800,0.024390243902439025236);
INSERT INTO metrics VALUES(3,1,1,900,0.021739130434782608092);
INSERT INTO metrics VALUES(3,1,1,1000,0.019607843137254901688);
INSERT INTO metrics VALUES(3,1,2,100,0.83333333333333337034);
INSERT INTO metrics VALUES(3,1,2,200,0.90909090909090906063);
INSERT INTO metrics VALUES(3,1,2,300,0.9375);
INSERT INTO metrics VALUES(3,1,2,400,0.95238095238095232808);
INSERT INTO metrics VALUES(3,1,2,500,0.96153846153846156408);
INSERT INTO metrics VALUES(3,1,2,600,0.96774193548387099639);
INSERT INTO metrics VALUES(3,1,2,700,0.97222222222222220988);
INSERT INTO metrics VALUES(3,1,2,800,0.97560975609756095394);
INSERT INTO metrics VALUES(3,1,2,900,0.97826086956521740578);
INSERT INTO metrics VALUES(3,1,2,1000,0.98039215686274505667);
INSERT INTO metrics VALUES(4,1,1,100,0.16666666666666665741);
INSERT INTO metrics VALUES(4,1,1,200,0.090909090909090911614);
INSERT INTO metrics VALUES(4,1,1,300,0.0625);
INSERT INTO metrics VALUES(4,1,1,400,0.047619047619047616404);
INSERT INTO metrics VALUES(4,1,1,500,0.038461538461538463673);
INSERT INTO metrics VALUES(4,1,1,600,0.032258064516129031362);
INSERT INTO metrics VALUES(4,1,1,700,0.027777777777777776235);
INSERT INTO metrics VALUES(4,1,1,800,0.024390243902439025236);
INSERT INTO metrics VALUES(4,1,1,900,0.021739130434782608092);
INSERT INTO metrics VALUES(4,1,1,1000,0.019607843137254901688);
INSERT INTO metrics VALUES(4,1,2,100,0.83333333333333337034);
INSERT INTO metrics VALUES(4,1,2,200,0.90909090909090906063);
INSERT INTO metrics VALUES(4,1,2,300,0.9375);
INSERT INTO metrics VALUES(4,1,2,400,0.95238095238095232808);
INSERT INTO metrics VALUES(4,1,2,500,0.96153846153846156408);
INSERT INTO metrics VALUES(4,1,2,600,0.96774193548387099639);
INSERT INTO metrics VALUES(4,1,2,700,0.97222222222222220988);
INSERT INTO metrics VALUES(4,1,2,800,0.97560975609756095394);
INSERT INTO metrics VALUES(4,1,2,900,0.97826086956521740578);
INSERT INTO metrics VALUES(4,1,2,1000,0.98039215686274505667);
INSERT INTO metrics VALUES(13,1,1,100,0.5);
INSERT INTO metrics VALUES(13,1,1,200,0.33333333333333331482);
INSERT INTO metrics VALUES(13,1,2,100,0.5);
INSERT INTO metrics VALUES(13,1,2,200,0.66666666666666674068);
INSERT INTO metrics VALUES(14,1,1,100,0.5);
INSERT INTO metrics VALUES(14,1,1,200,0.33333333333333331482);
INSERT INTO metrics VALUES(14,1,2,100,0.5);
INSERT INTO metrics VALUES(14,1,2,200,0.66666666666666674068);
CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  step INTEGER NOT NULL,
  UNIQUE (trial_id, epoch, split),
  FOREIGN KEY (trial_id, epoch) REFERENCES attempts (trial_id, epoch) ON DELETE CASCADE
) STRICT;
INSERT INTO evaluations VALUES(1,2,1,'validation',1000);
INSERT INTO evaluations VALUES(2,3,1,'validation',1000);
INSERT INTO evaluations VALUES(3,4,1,'validation',1000);
INSERT INTO evaluations VALUES(4,1,1,'validation',1000);
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
INSERT INTO evaluated_classes VALUES(1,0,'dog',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(1,1,'siren',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(2,0,'dog',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(2,1,'siren',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(3,0,'dog',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(3,1,'siren',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(4,0,'dog',1.0,1.0,1.0,1);
INSERT INTO evaluated_classes VALUES(4,1,'siren',1.0,1.0,1.0,1);
CREATE TABLE confusion_counts (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  true_index INTEGER NOT NULL,
  predicted_index INTEGER NOT NULL,
  clips INTEGER NOT NULL CHECK (clips > 0),
  PRIMARY KEY (evaluation_id, true_index, predicted_index)
) STRICT, WITHOUT ROWID;
INSERT INTO confusion_counts VALUES(1,0,0,1);
INSERT INTO confusion_counts VALUES(1,1,1,1);
INSERT INTO confusion_counts VALUES(2,0,0,1);
INSERT INTO confusion_counts VALUES(2,1,1,1);
INSERT INTO confusion_counts VALUES(3,0,0,1);
INSERT INTO confusion_counts VALUES(3,1,1,1);
INSERT INTO confusion_counts VALUES(4,0,0,1);
INSERT INTO confusion_counts VALUES(4,1,1,1);
CREATE TABLE predictions (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  clip TEXT NOT NULL,
  true_index INTEGER NOT NULL,
  predicted_index INTEGER NOT NULL,
  probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
  PRIMARY KEY (evaluation_id, clip)
) STRICT, WITHOUT ROWID;
INSERT INTO predictions VALUES(1,'clip4.wav',0,0,'[1,0]');
INSERT INTO predictions VALUES(1,'clip5.wav',1,1,'[0,1]');
INSERT INTO predictions VALUES(2,'clip4.wav',0,0,'[1,0]');
INSERT INTO predictions VALUES(2,'clip5.wav',1,1,'[0,1]');
INSERT INTO predictions VALUES(3,'clip4.wav',0,0,'[1,0]');
INSERT INTO predictions VALUES(3,'clip5.wav',1,1,'[0,1]');
INSERT INTO predictions VALUES(4,'clip4.wav',0,0,'[1,0]');
INSERT INTO predictions VALUES(4,'clip5.wav',1,1,'[0,1]');
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
ORDER BY r.sweep_id DESC, r.rank
;
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
COMMIT;
