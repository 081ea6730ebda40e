// Records as rows. Called within a transaction; SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include "coordinator/store/connection.h"
#include "coordinator/store/store.h"

namespace melsweep::store {

void write_record(Connection& connection, const PutSweep& write);
void write_record(Connection& connection, const PutSweepPaused& write);
void write_record(Connection& connection, const PutSweepAction& write);
void write_record(Connection& connection, const PutAttempt& write);
void write_record(Connection& connection, const PutCheckpoint& write);
void write_record(Connection& connection, const DropCheckpoint& write);
void write_record(Connection& connection, const PutWorker& write);
void write_record(Connection& connection, const PutDataset& write);
void write_record(Connection& connection, const AddWarning& write);
void write_record(Connection& connection, const PutPreparation& write);
void write_record(Connection& connection, const InheritMetrics& write);
void write_record(Connection& connection, const PutEvaluation& write);
void write_record(Connection& connection, const PutStages& write);
void write_record(Connection& connection, const CopyResult& write);

}  // namespace melsweep::store
