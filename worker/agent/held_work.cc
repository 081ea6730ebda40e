#include "worker/agent/held_work.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace melsweep::agent {
namespace {

protocol::TrainTrial training(const HeldWork& work, std::chrono::milliseconds checkpoint_every) {
  protocol::TrainTrial train{std::get<TrialAssignment>(work.assignment()).plan, work.folder().string()};
  const std::optional<ResumeFile>& resume = work.exchange().resume_file();
  if (resume) train.resume_from = resume->path.string();
  train.checkpoint_every_s = std::chrono::duration<double>(checkpoint_every).count();
  return train;
}

}  // namespace

TrialId trial_of(const Assignment& assignment) {
  const auto* trial = std::get_if<TrialAssignment>(&assignment);
  return trial == nullptr ? TrialId{} : trial->plan.id;
}

std::string describe(const WorkRef& work) {
  if (const auto* prepare = std::get_if<PrepareRef>(&work)) {
    return absl::StrCat("the data of sweep ", prepare->sweep.value);
  }
  const auto& attempt = std::get<AttemptRef>(work);
  return absl::StrCat("trial ", attempt.trial.value, ", attempt ", attempt.epoch);
}

HeldWork::HeldWork(Assignment assignment, Lease lease, std::filesystem::path folder,
                   CheckpointExchange exchange)
    : assignment_(std::move(assignment)),
      ref_(work_of(assignment_)),
      lease_(lease),
      folder_(std::move(folder)),
      exchange_(std::move(exchange)) {}

bool HeldWork::is_ready(MonotonicTime now) const {
  return phase_ == WorkPhase::kGiven && now < lease_.until && !exchange_.is_fetching();
}

bool HeldWork::is_open() const {
  return phase_ == WorkPhase::kGiven || phase_ == WorkPhase::kRunning || phase_ == WorkPhase::kStoring;
}

void HeldWork::keep_lease(MonotonicTime asked_at, std::chrono::milliseconds ttl) {
  const bool is_cut = ttl < lease_.ttl;
  const MonotonicTime until = asked_at + std::min(ttl, lease_.ttl);
  lease_ = {is_cut ? until : std::max(lease_.until, until), ttl};
}

void HeldWork::begin() {
  assert(phase_ == WorkPhase::kGiven);
  phase_ = WorkPhase::kRunning;
}

void HeldWork::end(ReportEvent ending) {
  assert(phase_ != WorkPhase::kOver);
  if (const auto* completed = std::get_if<CompletedReport>(&ending)) {
    exchange_.offer_result(completed->checkpoint);
  }
  ending_ = std::move(ending);
  phase_ = WorkPhase::kStoring;
}

void HeldWork::warn(std::string warning) {
  if (!ending_) return;
  if (auto* completed = std::get_if<CompletedReport>(&*ending_)) {
    completed->warnings.push_back(std::move(warning));
  }
}

WorkReport HeldWork::report() {
  assert(phase_ == WorkPhase::kStoring);
  exchange_.end();
  phase_ = WorkPhase::kReporting;
  return {ref_, *std::exchange(ending_, std::nullopt)};
}

void HeldWork::expire() {
  assert(phase_ == WorkPhase::kRunning);
  exchange_.end();
  phase_ = WorkPhase::kExpired;
}

void HeldWork::let_go() {
  exchange_.end();
  phase_ = WorkPhase::kOver;
}

std::filesystem::path HeldWork::take_leftovers() {
  const bool is_kept = phase_ != WorkPhase::kReporting && phase_ != WorkPhase::kOver;
  return is_kept ? std::filesystem::path() : std::exchange(folder_, {});
}

protocol::Command command_for(std::span<const HeldWork* const> works,
                              std::chrono::milliseconds checkpoint_every) {
  if (const auto* prepare = std::get_if<PrepareAssignment>(&works.front()->assignment())) {
    return protocol::PrepareData{prepare->dataset, prepare->weights};
  }
  if (works.size() == 1) return training(*works.front(), checkpoint_every);
  protocol::TrainGroup group;
  for (const HeldWork* work : works) group.trials.push_back(training(*work, checkpoint_every));
  return group;
}

}  // namespace melsweep::agent
