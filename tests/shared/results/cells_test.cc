#include "shared/results/cells.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "absl/strings/str_format.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/results/database_results.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

using namespace store;  // NOLINT(google-build-using-namespace): records and the store that writes the fixture

std::string shown(const std::optional<double>& number) {
  return number ? absl::StrFormat("%.12f", *number) : "";
}

std::string text_of(const CellSummary& cell) {
  std::string text = absl::StrFormat("%d|", cell.rank);
  for (const Parameter& parameter : cell.parameters) text += to_text(parameter.value) + "|";
  for (const auto& figure : {cell.mean, cell.deviation, cell.lowest, cell.highest})
    text += shown(figure) + "|";
  return text + absl::StrFormat("%d|%d|%d|%d|%d", cell.trials, cell.finished, cell.failed, cell.open,
                                cell.best_trial);
}

class CellsTest : public testing::Test {
 protected:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  // Cells of one to four trials that have come to all kinds of ends, many with the same objective.
  void add_sweep(std::int64_t id) {
    std::vector<Write> writes = {PutSweep{sample_sweep(id)}};
    const int of_a_cell = 1 + below(4);
    const int cells = 1 + below(4);
    for (int i = 0; i < cells * of_a_cell; ++i) {
      TrialRecord trial = sample_trial(100 * id + i, id, i + 1);
      trial.cell.index = i / of_a_cell;
      trial.cell.parameters = {{"learning_rate", 0.5 * (i / of_a_cell + 1)}};
      const TrialState states[] = {TrialState::kFinished, TrialState::kFinished, TrialState::kFinished,
                                   TrialState::kFinished, TrialState::kFailed,   TrialState::kPending};
      trial.state = states[below(6)];
      if (trial.state == TrialState::kFinished) trial.objective = 0.1 * below(5);
      writes.emplace_back(PutTrial{trial});
    }
    ASSERT_TRUE(store_->commit(writes).ok());
  }

  std::vector<std::string> of_the_view(std::int64_t sweep) {
    SQLite::Database database(path_, SQLite::OPEN_READONLY);
    SQLite::Statement select(
        database,
        "SELECT rank, parameters_json ->> '$.learning_rate', objective_mean, objective_deviation, "
        "objective_min,"
        " objective_max, trials, trials_finished, trials_failed, trials_open, coalesce(best_trial, 0)"
        " FROM cells WHERE sweep_id = ? ORDER BY rank");
    select.bind(1, sweep);
    std::vector<std::string> rows;
    while (select.executeStep()) {
      CellSummary cell;
      cell.rank = select.getColumn(0).getInt64();
      cell.parameters = {{"learning_rate", select.getColumn(1).getDouble()}};
      const auto figure = [&](int i) {
        return select.getColumn(i).isNull() ? std::nullopt : std::optional(select.getColumn(i).getDouble());
      };
      cell.mean = figure(2);
      cell.deviation = figure(3);
      cell.lowest = figure(4);
      cell.highest = figure(5);
      cell.trials = select.getColumn(6).getInt64();
      cell.finished = select.getColumn(7).getInt64();
      cell.failed = select.getColumn(8).getInt64();
      cell.open = select.getColumn(9).getInt64();
      cell.best_trial = select.getColumn(10).getInt64();
      rows.push_back(text_of(cell));
    }
    return rows;
  }

  std::mt19937_64 random_{3};
  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(CellsTest, AreThoseOfTheView) {
  for (std::int64_t id = 1; id <= 100; ++id) add_sweep(id);
  const auto results = open_database(path_).value();
  for (std::int64_t id = 1; id <= 100; ++id) {
    std::vector<std::string> cells;
    for (const CellSummary& cell : cells_of(results->trials(SweepId{id}).value()))
      cells.push_back(text_of(cell));
    EXPECT_EQ(cells, of_the_view(id)) << "sweep " << id;
  }
}

TEST_F(CellsTest, ThereAreNoneWithoutTrials) {
  EXPECT_TRUE(cells_of({}).empty());
}

}  // namespace
}  // namespace melsweep::results
