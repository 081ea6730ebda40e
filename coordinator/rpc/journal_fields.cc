#include "coordinator/rpc/journal_fields.h"

#include <variant>

namespace melsweep::rpc {
namespace {

struct FieldsOf {
  log::Fields operator()(const store::PutSweep& write) const { return {{"sweep", write.sweep.id.value}}; }
  log::Fields operator()(const store::PutSweepPaused& write) const {
    return {{"sweep", write.sweep.id.value}};
  }
  log::Fields operator()(const store::PutTrialState& write) const { return {{"trial", write.trial.value}}; }
  log::Fields operator()(const store::PutAttempt& write) const {
    const AttemptRecord& attempt = write.attempt;
    return {{"trial", attempt.ref.trial.value},
            {"attempt", std::int64_t{attempt.ref.epoch}},
            {"worker", attempt.worker.value}};
  }
  log::Fields operator()(const store::PutWorker& write) const { return {{"worker", write.worker.id.value}}; }
  log::Fields operator()(const store::PutPreparation& write) const {
    const PreparationRecord& preparation = write.preparation;
    return {{"sweep", preparation.sweep.value},
            {"attempt", std::int64_t{preparation.epoch}},
            {"worker", preparation.worker.value}};
  }
  // There is no entry of the others.
  template <class Write>
  log::Fields operator()(const Write&) const {
    return {};
  }
};

}  // namespace

log::Fields journal_fields(const store::Write& write) {
  return std::visit(FieldsOf{}, write);
}

}  // namespace melsweep::rpc
