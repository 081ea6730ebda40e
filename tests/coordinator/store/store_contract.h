// The stores that every test of the contract runs on.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "coordinator/store/memory_store.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::store {
// A store, and a look at what load() leaves out.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Store& store() = 0;
  virtual std::vector<MetricPoint> metrics(const AttemptRef& attempt) = 0;
  // How many, of all its evaluations.
  virtual std::size_t predictions(const AttemptRef& attempt) = 0;
  virtual std::vector<StageTime> stages(const AttemptRef& attempt) = 0;  // by name
};

class MemorySubject final : public Subject {
 public:
  Store& store() override { return store_; }
  std::vector<MetricPoint> metrics(const AttemptRef& attempt) override { return store_.metrics(attempt); }
  std::size_t predictions(const AttemptRef& attempt) override {
    std::size_t count = 0;
    for (const Evaluation& evaluation : store_.evaluations(attempt)) count += evaluation.predictions.size();
    return count;
  }

  std::vector<StageTime> stages(const AttemptRef& attempt) override {
    std::vector<StageTime> stages = store_.stages(attempt);
    std::ranges::sort(stages, {}, &StageTime::stage);
    return stages;
  }

 private:
  MemoryStore store_;
};

class SqliteSubject final : public Subject {
 public:
  SqliteSubject() : path_(folder_.path() / "results.db"), store_(open_sqlite_store(path_).value()) {}
  Store& store() override { return *store_; }
  std::vector<MetricPoint> metrics(const AttemptRef& attempt) override {
    SQLite::Database database(path_.string());
    SQLite::Statement select(database,
                             "SELECT step, name, value FROM metrics JOIN metric_names ON id = name_id"
                             " WHERE trial_id = ? AND epoch = ? ORDER BY name, step");
    select.bind(1, attempt.trial.value);
    select.bind(2, attempt.epoch);
    std::vector<MetricPoint> points;
    while (select.executeStep()) {
      points.push_back(
          {select.getColumn(0).getInt64(), select.getColumn(1).getString(), select.getColumn(2).getDouble()});
    }
    return points;
  }
  std::size_t predictions(const AttemptRef& attempt) override {
    SQLite::Database database(path_.string());
    SQLite::Statement count(
        database,
        "SELECT count(*) FROM evaluations e JOIN predictions p ON p.evaluation_id = e.id"
        " JOIN confusion_counts c ON c.evaluation_id = e.id"
        "  AND c.true_index = p.true_index AND c.predicted_index = p.predicted_index"
        " JOIN evaluated_classes t ON t.evaluation_id = e.id AND t.class_index = p.true_index"
        " WHERE e.trial_id = ? AND e.epoch = ?");
    count.bind(1, attempt.trial.value);
    count.bind(2, attempt.epoch);
    return count.executeStep() ? static_cast<std::size_t>(count.getColumn(0).getInt64()) : 0;
  }

  std::vector<StageTime> stages(const AttemptRef& attempt) override {
    SQLite::Database database(path_.string());
    SQLite::Statement select(database,
                             "SELECT stage, seconds, made, found FROM attempt_stages"
                             " WHERE trial_id = ? AND epoch = ? ORDER BY stage");
    select.bind(1, attempt.trial.value);
    select.bind(2, attempt.epoch);
    std::vector<StageTime> stages;
    while (select.executeStep()) {
      stages.push_back({select.getColumn(0).getString(), select.getColumn(1).getDouble(),
                        select.getColumn(2).getInt64(), select.getColumn(3).getInt64()});
    }
    return stages;
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
  std::unique_ptr<Store> store_;
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Subject>()> make;
};

inline void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  absl::Status commit(std::vector<Write> writes) { return subject_->store().commit(writes); }
  Snapshot load() { return subject_->store().load().value(); }
  void commit_ok(std::vector<Write> writes) {
    const absl::Status status = commit(std::move(writes));
    ASSERT_TRUE(status.ok()) << status;
  }
  // Sweep 1 with trial 11 running as attempt 1.
  void start_a_trial() {
    commit_ok({PutSweep{sample_sweep(1)}, PutWorker{sample_worker()}, PutTrial{sample_trial(11, 1, 1)},
               PutAttempt{sample_attempt(11, 1)}});
  }

  std::unique_ptr<Subject> subject_ = GetParam().make();
};

inline const AttemptRef kFirstAttempt{.trial = TrialId{11}, .epoch = 1};

inline const auto kEveryStore =
    testing::Values(Kind{"Memory", [] { return std::make_unique<MemorySubject>(); }},
                    Kind{"Sqlite", [] { return std::make_unique<SqliteSubject>(); }});

inline std::string name_of_store(const testing::TestParamInfo<Kind>& info) {
  return info.param.name;
}

}  // namespace melsweep::store
