#include "worker/agent/grpc_link.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "shared/net/channel.h"
#include "shared/net/limits.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/status.h"
#include "shared/wire/worker_messages.h"
#include "worker/agent/held_work.h"

namespace melsweep::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTimeout{10'000};
constexpr milliseconds kLeaseMargin{10'000};  // beyond what the coordinator was asked to wait

// The answer to a call that succeeded cannot be read: asking again gives the same.
absl::Status unreadable(const absl::Status& status) {
  return absl::InternalError(
      absl::StrCat("the coordinator's answer cannot be read (are its version and this worker's the same?): ",
                   std::string(status.message())));
}

absl::Status too_large(std::size_t bytes) {
  return absl::ResourceExhaustedError(
      absl::StrCat("it takes ", bytes, " bytes and a message may have ", net::kMaxMessageBytes,
                   ": a data set with fewer clips or shorter file names would do"));
}

constexpr std::size_t kMaxStoreIdBytes = 64;

bool is_plain_name(const std::string& text) {
  return !text.empty() && text.size() <= kMaxStoreIdBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
         });
}

absl::StatusOr<LeaseTerms> read_terms(const v1::RegisterResponse& response) {
  if (response.lease_ttl_ms() <= 0 || response.heartbeat_interval_ms() <= 0) {
    return unreadable(absl::InvalidArgumentError("lease_ttl_ms and heartbeat_interval_ms must be positive"));
  }
  // It becomes the name of a folder.
  if (!is_plain_name(response.store_id())) {
    return unreadable(
        absl::InvalidArgumentError("store_id must be 1 to 64 letters, digits, hyphens and underscores"));
  }
  return LeaseTerms{milliseconds(response.lease_ttl_ms()), milliseconds(response.heartbeat_interval_ms()),
                    StoreId{response.store_id()}};
}

bool can_go_together(const std::vector<Assignment>& assignments) {
  std::set<TrialId> trials;
  for (const Assignment& assignment : assignments) trials.insert(trial_of(assignment));
  return assignments.size() <= 1 || (trials.size() == assignments.size() && !trials.contains(TrialId{}));
}

absl::StatusOr<std::vector<Assignment>> read_assignments(const v1::LeaseResponse& response) {
  std::vector<Assignment> assignments;
  for (const v1::Assignment& message : response.assignments()) {
    absl::StatusOr<Assignment> assignment = wire::decode(message);
    if (!assignment.ok()) return unreadable(assignment.status());
    assignments.push_back(*std::move(assignment));
  }
  if (!can_go_together(assignments)) {
    return unreadable(absl::InvalidArgumentError("several assignments must be as many different trials"));
  }
  return assignments;
}

absl::StatusOr<HeartbeatAnswer> read_answer(const v1::HeartbeatResponse& response) {
  absl::StatusOr<std::vector<WorkRef>> stop = wire::decode(response.stop());
  if (!stop.ok()) return unreadable(stop.status());
  absl::StatusOr<std::vector<WorkRef>> give_back = wire::decode(response.give_back());
  if (!give_back.ok()) return unreadable(give_back.status());
  if (response.lease_ttl_ms() < 0 || response.heartbeat_interval_ms() < 0) {
    return unreadable(
        absl::InvalidArgumentError("lease_ttl_ms and heartbeat_interval_ms must not be negative"));
  }
  return HeartbeatAnswer{*std::move(stop), *std::move(give_back), response.drain(),
                         milliseconds(response.lease_ttl_ms()),
                         milliseconds(response.heartbeat_interval_ms())};
}

}  // namespace

GrpcLink::GrpcLink(std::unique_ptr<v1::WorkerService::StubInterface> stub, WorkerIdentity identity,
                   std::function<void(Event)> post)
    : stub_(std::move(stub)), identity_(std::move(identity)), post_(std::move(post)) {}

GrpcLink::~GrpcLink() {
  std::unique_lock lock(mutex_);
  // Cancelled without the lock, which the end of a call takes, maybe on this very thread.
  const std::set<Context> open = open_;
  lock.unlock();
  for (const Context& context : open) context->TryCancel();
  lock.lock();
  ended_.wait(lock, [&] { return open_.empty(); });
}

template <class Request, class Response>
GrpcLink::Context GrpcLink::call(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                                       std::function<void(grpc::Status)>),
                                 Request request, milliseconds timeout,
                                 std::function<Event(const absl::Status&, const Response&)> read) {
  struct Messages {
    Request request;
    Response response;
  };
  const auto messages = std::make_shared<Messages>();
  messages->request = std::move(request);
  auto context = std::make_shared<grpc::ClientContext>();
  net::set_timeout(*context, timeout);
  {
    const std::lock_guard lock(mutex_);
    open_.insert(context);
  }
  auto on_done = [this, context, messages, read = std::move(read)](const grpc::Status& status) mutable {
    post_(read(wire::from_grpc(status), messages->response));
    // Notified under the lock: after it this object may be gone. So may the channel, which the context holds:
    // if this thread, which is gRPC's, were the last to let go of it, it would wait for its own end.
    const std::lock_guard lock(mutex_);
    open_.erase(context);
    context.reset();
    ended_.notify_all();
  };
  (stub_->async()->*method)(context.get(), &messages->request, &messages->response, std::move(on_done));
  return context;
}

void GrpcLink::register_worker(const std::string& device) {
  v1::RegisterRequest request;
  request.set_worker_id(identity_.id.value);
  request.set_host(identity_.host);
  request.set_device(device);
  *request.mutable_resources() = wire::encode(identity_.resources);
  call<v1::RegisterRequest, v1::RegisterResponse>(
      &Async::Register, std::move(request), kTimeout,
      [](const absl::Status& status, const v1::RegisterResponse& response) -> Event {
        if (!status.ok()) return RegisterAnswered{status};
        return RegisterAnswered{read_terms(response)};
      });
}

void GrpcLink::lease(const WorkRequest& wanted) {
  v1::LeaseRequest request;
  request.set_worker_id(identity_.id.value);
  request.set_request_id(wanted.id.value);
  request.set_number(wanted.number);
  request.set_wait_ms(wanted.wait.count());
  request.set_max_trials(wanted.max_trials);
  lease_ = call<v1::LeaseRequest, v1::LeaseResponse>(
      &Async::Lease, std::move(request), wanted.wait + kLeaseMargin,
      [](const absl::Status& status, const v1::LeaseResponse& response) -> Event {
        if (!status.ok()) return LeaseAnswered{status};
        return LeaseAnswered{read_assignments(response)};
      });
}

void GrpcLink::cancel_lease() {
  if (const Context context = lease_.lock()) context->TryCancel();
}

void GrpcLink::heartbeat(const std::vector<RunningWork>& running, milliseconds timeout) {
  v1::HeartbeatRequest request;
  request.set_worker_id(identity_.id.value);
  for (const RunningWork& work : running) *request.add_running() = wire::encode(work);
  call<v1::HeartbeatRequest, v1::HeartbeatResponse>(
      &Async::Heartbeat, std::move(request), timeout,
      [](const absl::Status& status, const v1::HeartbeatResponse& response) -> Event {
        if (!status.ok()) return HeartbeatAnswered{status};
        return HeartbeatAnswered{read_answer(response)};
      });
}

void GrpcLink::report(const std::vector<WorkReport>& reports) {
  v1::ReportRequest request;
  request.set_worker_id(identity_.id.value);
  for (const WorkReport& report : reports) *request.add_reports() = wire::encode(report);
  // gRPC would refuse it as well, in words that tell nobody what to do.
  if (const std::size_t bytes = request.ByteSizeLong(); bytes > net::kMaxMessageBytes) {
    post_(ReportAnswered{too_large(bytes)});
    return;
  }
  call<v1::ReportRequest, v1::ReportResponse>(
      &Async::Report, std::move(request), kTimeout,
      [](const absl::Status& status, const v1::ReportResponse& response) -> Event {
        if (!status.ok()) return ReportAnswered{status};
        absl::StatusOr<std::vector<WorkRef>> stale = wire::decode(response.stale());
        if (!stale.ok()) return ReportAnswered{unreadable(stale.status())};
        return ReportAnswered{absl::OkStatus(), *std::move(stale)};
      });
}

}  // namespace melsweep::agent
