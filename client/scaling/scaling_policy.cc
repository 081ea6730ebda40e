#include "client/scaling/scaling_policy.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/scaling/membership.h"

namespace melsweep::scaling {
namespace {

using results::WorkerSummary;

struct Place {
  Member member;
  const WorkerSummary* worker;
};

std::vector<Place> staying(const std::vector<Member>& members, const std::vector<WorkerSummary>& workers) {
  std::vector<Place> places;
  for (const Member& member : members) {
    const WorkerSummary* worker = worker_of(member, workers);
    if (worker == nullptr || !worker->draining) places.push_back({member, worker});
  }
  return places;
}

bool has_work(const Place& place) {
  return place.worker != nullptr && is_busy(*place.worker);
}

double part_done(const Place& place) {
  if (!has_work(place) || place.worker->progress.total <= 0) return 0.0;
  return static_cast<double>(place.worker->progress.done) / static_cast<double>(place.worker->progress.total);
}

// Who goes first.
auto rank_of(const Place& place) {
  return std::tuple(place.member.has_begun, place.worker != nullptr, has_work(place), part_done(place));
}

std::string counted(std::int64_t count, const char* what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

// Trials that one worker runs side by side.
double side_by_side(const Demand& demand) {
  if (demand.busy == 0 || demand.running <= demand.busy) return 1.0;
  return static_cast<double>(demand.running) / demand.busy;
}

// Enough to be done in time.
double enough(const Demand& demand, const Bounds& bounds) {
  const auto trials = static_cast<double>(demand.trials);
  if (demand.trial_s <= 0.0) return trials;
  const double work_s = trials * demand.trial_s / side_by_side(demand);
  return std::ceil(work_s / static_cast<double>(bounds.finish_in.count()));
}

std::string reason(const Demand& demand, const Bounds& bounds) {
  if (demand.trials == 0 && demand.unprepared == 0) return "there is nothing to do";
  if (demand.trials == 0) return absl::StrCat(counted(demand.unprepared, "sweep"), " to prepare");
  if (demand.trial_s <= 0.0)
    return absl::StrCat(counted(demand.trials, "trial"), " left, of a length not known yet");
  return absl::StrFormat(
      "%s left of about %.3g s each%s, to be done in %d s", counted(demand.trials, "trial"), demand.trial_s,
      side_by_side(demand) > 1.0 ? absl::StrFormat(", %.3g side by side", side_by_side(demand)) : "",
      bounds.finish_in.count());
}

}  // namespace

int count_staying(const std::vector<Member>& members, const std::vector<WorkerSummary>& workers) {
  return static_cast<int>(staying(members, workers).size());
}

Change change_to(int wanted, const std::vector<Member>& members, const std::vector<WorkerSummary>& workers) {
  std::vector<Place> places = staying(members, workers);
  Change change;
  const int there = static_cast<int>(places.size());
  change.start = std::max(wanted - there, 0);
  const int too_many = std::max(there - wanted, 0);
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return rank_of(a) < rank_of(b); });
  places.resize(static_cast<std::size_t>(too_many));
  for (const Place& place : places) {
    if (place.worker == nullptr) {
      change.withdraw.push_back(place.member.name);
    } else {
      change.drain.push_back(place.worker->id);
    }
  }
  return change;
}

Decision decide(const Demand& demand, const Bounds& bounds, int staying, int idle) {
  // One for what is to be prepared; more than one for each trial would have nothing to do.
  const double useful =
      std::min(enough(demand, bounds), static_cast<double>(demand.trials)) + demand.unprepared;
  const int needed = static_cast<int>(
      std::clamp(useful, static_cast<double>(bounds.least), static_cast<double>(bounds.most)));
  const int wanted = std::max(staying - idle, needed);
  std::string why = reason(demand, bounds);
  if (needed != static_cast<int>(useful))
    absl::StrAppend(&why, ", and at ", useful > needed ? "most " : "least ", needed, " allowed");
  if (wanted > needed)
    absl::StrAppend(&why, "; ", needed, " would do, ", wanted, " are kept that are not idle");
  return {wanted, std::move(why)};
}

}  // namespace melsweep::scaling
