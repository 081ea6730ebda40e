#include "coordinator/rpc/sweep_service.h"

#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/rpc/completion.h"
#include "shared/spec/sweep_yaml.h"
#include "shared/wire/decoding.h"

namespace melsweep::rpc {
namespace {

// As much as shared/spec reads of a file.
constexpr std::size_t kMaxYamlBytes = std::size_t{1} << 20;

absl::Status refusal(const std::vector<spec::Problem>& problems) {
  const auto as_line = [](std::string* out, const spec::Problem& problem) {
    out->append(problem.to_string());
  };
  return absl::InvalidArgumentError(absl::StrJoin(problems, "\n", as_line));
}

// What is kept of a sweep is its specification written out: a sweep that would be another one, or none, when
// the coordinator reads it after a restart must not be taken.
absl::Status check_can_be_kept(const SweepSpec& spec) {
  const spec::ParseResult kept = spec::parse_stored_sweep(spec::to_yaml(spec), "the sweep as it is kept");
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&kept)) return refusal(*problems);
  if (std::get<SweepSpec>(kept) == spec) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the sweep cannot be kept: written out and read again it is another one; use plainer texts");
}

absl::StatusOr<core::SweepSubmitted> decode(const v1::SubmitRequest& request) {
  const auto id = wire::decode_name<RequestId>("request_id", request.request_id());
  if (!id.ok()) return id.status();
  if (request.yaml().size() > kMaxYamlBytes) {
    return wire::bad_field("yaml", absl::StrCat("must be at most ", kMaxYamlBytes, " bytes"));
  }
  spec::StudyResult parsed = spec::parse_study(request.yaml(), request.source_name());
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) return refusal(*problems);
  auto study = std::get<Study>(std::move(parsed));
  for (const SweepSpec& sweep : study.sweeps) {
    if (auto status = check_can_be_kept(sweep); !status.ok()) return status;
  }
  core::SweepSubmitted submitted{.token = {},
                                 .request = *id,
                                 .spec = std::move(study.sweeps.front()),
                                 .yaml = request.yaml(),
                                 .continue_unfinished = request.continue_unfinished(),
                                 .serve_first = request.serve_first(),
                                 .study = std::move(study.name)};
  submitted.followers.assign(std::make_move_iterator(study.sweeps.begin() + 1),
                             std::make_move_iterator(study.sweeps.end()));
  return submitted;
}

// A PauseRequest or a ResumeRequest.
template <class Event, class Request>
absl::StatusOr<Event> decode_action(const Request& request) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request.sweep_id());
  if (!sweep.ok()) return sweep.status();
  const auto id = wire::decode_name<RequestId>("request_id", request.request_id());
  if (!id.ok()) return id.status();
  return Event{{}, *id, *sweep};
}

// Clients before 0.2 give no request's id.
absl::StatusOr<core::SweepCancelled> decode(const v1::CancelRequest& request) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request.sweep_id());
  if (!sweep.ok()) return sweep.status();
  if (auto status = wire::check_length("request_id", request.request_id(), wire::kMaxNameBytes); !status.ok())
    return status;
  return core::SweepCancelled{{}, *sweep, {request.request_id()}};
}

absl::StatusOr<core::WorkerDrained> decode(const v1::DrainWorkerRequest& request) {
  const auto worker = wire::decode_name<WorkerId>("worker_id", request.worker_id());
  if (!worker.ok()) return worker.status();
  return core::WorkerDrained{{}, *worker};
}

// A call that is answered without words once it is done.
template <class Event>
grpc::ServerUnaryReactor* ask(Loop& loop, grpc::CallbackServerContext* context,
                              const absl::StatusOr<Event>& event) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (event.ok()) {
    loop.ask(*event, finish<core::Done>(reactor, [](const core::Done&) {}));
  } else {
    reactor->Finish(wire::to_grpc(event.status()));
  }
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* SweepService::Submit(grpc::CallbackServerContext* context,
                                               const v1::SubmitRequest* request,
                                               v1::SubmitResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto event = decode(*request);
  if (!event.ok()) {
    reactor->Finish(wire::to_grpc(event.status()));
    return reactor;
  }
  loop_.ask(*std::move(event), finish<core::Submitted>(reactor, [response](const core::Submitted& submitted) {
    response->set_sweep_id(submitted.sweeps.front().value);
    for (const SweepId sweep : submitted.sweeps) response->add_sweep_ids(sweep.value);
    for (const std::string& warning : submitted.warnings) response->add_warnings(warning);
  }));
  return reactor;
}

grpc::ServerUnaryReactor* SweepService::Pause(grpc::CallbackServerContext* context,
                                              const v1::PauseRequest* request, v1::PauseResponse*) {
  return ask(loop_, context, decode_action<core::SweepPaused>(*request));
}

grpc::ServerUnaryReactor* SweepService::Resume(grpc::CallbackServerContext* context,
                                               const v1::ResumeRequest* request, v1::ResumeResponse*) {
  return ask(loop_, context, decode_action<core::SweepResumed>(*request));
}

grpc::ServerUnaryReactor* SweepService::Cancel(grpc::CallbackServerContext* context,
                                               const v1::CancelRequest* request, v1::CancelResponse*) {
  return ask(loop_, context, decode(*request));
}

grpc::ServerUnaryReactor* SweepService::DrainWorker(grpc::CallbackServerContext* context,
                                                    const v1::DrainWorkerRequest* request,
                                                    v1::DrainWorkerResponse*) {
  return ask(loop_, context, decode(*request));
}

}  // namespace melsweep::rpc
