#include "shared/results/class_clips.h"

#include <utility>

#include "SQLiteCpp/Statement.h"
#include "shared/model/augmentation.h"
#include "shared/results/row.h"

namespace melsweep::results {
namespace {

// A row for each class and number of channels. With cross-validation the fold that a trial is validated on is
// among the clips of training.
constexpr char kSelectClips[] =
    "SELECT k.class, coalesce(c.channels, 0),"
    " count(*) FILTER (WHERE c.split = 'train' AND (?2 = 0 OR c.fold <> ?2)),"
    " count(*) FILTER (WHERE c.split = 'validation' OR c.split = 'train' AND ?2 <> 0 AND c.fold = ?2),"
    " count(*) FILTER (WHERE c.split = 'test')"
    " FROM dataset_classes k LEFT JOIN clips c USING (sweep_id, class_index)"
    " WHERE k.sweep_id = ?1 GROUP BY k.class_index, c.channels ORDER BY k.class_index";

}  // namespace

std::vector<ClassClips> read_class_clips(SQLite::Database& database, SweepId sweep, int validation_fold,
                                         TrainOn train_on, std::span<const Augmentation> augmentation) {
  SQLite::Statement select(database, kSelectClips);
  select.bind(1, sweep.value);
  select.bind(2, validation_fold);
  std::vector<ClassClips> classes;
  while (select.executeStep()) {
    Row row(select);
    std::string name = row.text();
    const int channels = row.small();
    std::int64_t train = row.integer();
    std::int64_t validation = row.integer();
    if (train_on == TrainOn::kTrainingAndValidation) train += std::exchange(validation, 0);
    if (classes.empty() || classes.back().class_name != name)
      classes.emplace_back().class_name = std::move(name);
    ClassClips& clips = classes.back();
    clips.train += train;
    clips.validation += validation;
    clips.test += row.integer();
    clips.pictures += train * training_pictures(channels, augmentation);
  }
  return classes;
}

}  // namespace melsweep::results
