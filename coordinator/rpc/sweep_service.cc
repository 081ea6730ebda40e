#include "coordinator/rpc/sweep_service.h"

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
  spec::ParseResult parsed = spec::parse_sweep(request.yaml(), request.source_name());
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) return refusal(*problems);
  if (auto status = check_can_be_kept(std::get<SweepSpec>(parsed)); !status.ok()) return status;
  return core::SweepSubmitted{.token = {},
                              .request = *id,
                              .spec = std::get<SweepSpec>(std::move(parsed)),
                              .yaml = request.yaml(),
                              .continue_unfinished = request.continue_unfinished(),
                              .serve_first = request.serve_first()};
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
    response->set_sweep_id(submitted.sweep.value);
  }));
  return reactor;
}

grpc::ServerUnaryReactor* SweepService::Cancel(grpc::CallbackServerContext* context,
                                               const v1::CancelRequest* request, v1::CancelResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request->sweep_id());
  if (!sweep.ok()) {
    reactor->Finish(wire::to_grpc(sweep.status()));
    return reactor;
  }
  loop_.ask(core::SweepCancelled{{}, *sweep}, finish<core::Done>(reactor, [](const core::Done&) {}));
  return reactor;
}

}  // namespace melsweep::rpc
