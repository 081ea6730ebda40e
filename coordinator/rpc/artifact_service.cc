#include "coordinator/rpc/artifact_service.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <future>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "shared/artifacts/content.h"
#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/status.h"

namespace melsweep::rpc {
namespace {

using artifacts::ArtifactContent;

struct Offer {
  WorkerId worker;
  AttemptRef attempt;
  std::int64_t step = 0;
  ArtifactContent content;
  ArtifactKind kind = ArtifactKind::kCheckpoint;
};

absl::StatusOr<Offer> decode(const v1::UploadRequest& request) {
  if (!request.has_header()) return absl::InvalidArgumentError("the first message must be the header");
  const v1::UploadHeader& header = request.header();
  const auto worker = wire::decode_name<WorkerId>("worker_id", header.worker_id());
  if (!worker.ok()) return worker.status();
  const auto attempt = wire::decode(header.attempt());
  if (!attempt.ok()) return attempt.status();
  absl::Status status = wire::check_not_negative("step", header.step());
  if (status.ok()) status = wire::check_not_negative("bytes", header.bytes());
  if (!status.ok()) return status;
  if (header.bytes() > artifacts::kMaxBytes) {
    return wire::bad_field("bytes", absl::StrCat("must be at most ", artifacts::kMaxBytes));
  }
  if (!artifacts::is_sha256(header.sha256())) {
    return wire::bad_field("sha256", "must be 64 lower-case hexadecimal digits");
  }
  const auto kind = wire::decode(header.kind());
  if (!kind.ok()) return kind.status();
  return Offer{*worker, *attempt, header.step(), {header.bytes(), header.sha256()}, *kind};
}

absl::StatusOr<ArtifactName> decode(const v1::DownloadRequest& request) {
  const auto sweep = wire::decode_id<SweepId>("sweep_id", request.sweep_id());
  if (!sweep.ok()) return sweep.status();
  const auto attempt = wire::decode(request.attempt());
  if (!attempt.ok()) return attempt.status();
  if (absl::Status status = wire::check_not_negative("step", request.step()); !status.ok()) return status;
  const auto kind = wire::decode(request.kind());
  if (!kind.ok()) return kind.status();
  return ArtifactName{*sweep, *attempt, request.step(), *kind};
}

absl::StatusOr<std::span<const std::byte>> chunk_of(const v1::UploadRequest& request) {
  const std::string& chunk = request.chunk();
  if (chunk.empty() || chunk.size() > artifacts::kMaxChunkBytes) {
    return wire::bad_field("chunk", absl::StrCat("must be 1 to ", artifacts::kMaxChunkBytes, " bytes"));
  }
  return std::as_bytes(std::span(chunk.data(), chunk.size()));
}

// The sweep of the attempt, where it is the worker's at this moment.
absl::StatusOr<SweepId> ask_whose(Loop& loop, const Offer& offer) {
  const auto promise = std::make_shared<std::promise<core::Answer>>();
  loop.ask(core::UploadOffered{{}, offer.worker, offer.attempt},
           [promise](const core::Answer& answer) { promise->set_value(answer); });
  const core::Answer answer = promise->get_future().get();
  if (const auto* refused = std::get_if<core::Refused>(&answer)) return refused->status;
  return std::get<core::UploadAccepted>(answer).sweep;
}

// What the folder says of the file, as its sender may hear it: a worker takes FailedPrecondition to be about
// its lease, and NotFound about itself.
absl::Status about(const ArtifactName& name, const absl::Status& status) {
  const std::string message = absl::StrCat("step ", name.step, " of attempt ", name.attempt.epoch,
                                           " of trial ", name.attempt.trial.value, ": ", status.message());
  if (absl::IsDataLoss(status)) return absl::DataLossError(message);
  spdlog::warn("{}", message);
  if (absl::IsResourceExhausted(status) || absl::IsUnavailable(status)) return {status.code(), message};
  return absl::InternalError(message);
}

}  // namespace

ArtifactService::ArtifactService(Loop& loop, artifacts::ArtifactFolder& folder, const TransferLimits& limits,
                                 const Clock& clock)
    : loop_(loop), folder_(folder), transfers_(limits, clock) {}

grpc::Status ArtifactService::Upload(grpc::ServerContext* context,
                                     grpc::ServerReader<v1::UploadRequest>* reader, v1::UploadResponse*) {
  return wire::to_grpc(receive(*context, *reader));
}

absl::Status ArtifactService::receive(grpc::ServerContext& context,
                                      grpc::ServerReader<v1::UploadRequest>& reader) {
  auto place = transfers_.admit(context);
  if (!place.ok()) return place.status();
  v1::UploadRequest message;
  if (!reader.Read(&message)) return absl::InvalidArgumentError("there is no header");
  const auto offer = decode(message);
  if (!offer.ok()) return offer.status();
  const auto sweep = ask_whose(loop_, *offer);
  if (!sweep.ok()) return sweep.status();
  const ArtifactName name{*sweep, offer->attempt, offer->step, offer->kind};
  const auto is_there = folder_.has(name, offer->content);
  if (!is_there.ok()) return about(name, is_there.status());
  if (*is_there) return absl::OkStatus();

  auto upload = folder_.upload(name, offer->content);
  if (!upload.ok()) return about(name, upload.status());
  while (reader.Read(&message)) {
    place->note_progress();
    const auto chunk = chunk_of(message);
    if (!chunk.ok()) return chunk.status();
    received_ += static_cast<std::int64_t>(chunk->size());
    if (absl::Status status = upload->append(*chunk); !status.ok()) return about(name, status);
  }
  if (context.IsCancelled()) return absl::CancelledError("the file stopped coming");
  if (const auto still = ask_whose(loop_, *offer); !still.ok()) return still.status();
  if (absl::Status status = upload->commit(); !status.ok()) return about(name, status);
  return absl::OkStatus();
}

grpc::Status ArtifactService::Download(grpc::ServerContext* context, const v1::DownloadRequest* request,
                                       grpc::ServerWriter<v1::DownloadResponse>* writer) {
  return wire::to_grpc(send(*context, *request, *writer));
}

absl::Status ArtifactService::send(grpc::ServerContext& context, const v1::DownloadRequest& request,
                                   grpc::ServerWriter<v1::DownloadResponse>& writer) {
  auto place = transfers_.admit(context);
  if (!place.ok()) return place.status();
  const auto name = decode(request);
  if (!name.ok()) return name.status();
  auto file = folder_.read(*name);
  if (absl::IsNotFound(file.status())) {
    return absl::NotFoundError(absl::StrCat("there is no file of step ", name->step, " of attempt ",
                                            name->attempt.epoch, " of trial ", name->attempt.trial.value,
                                            " of sweep ", name->sweep.value));
  }
  if (!file.ok()) return about(*name, file.status());
  v1::DownloadResponse message;
  message.set_bytes(file->bytes());
  absl::Status gone = absl::CancelledError("nobody takes the file any more");
  if (!writer.Write(message)) return gone;
  return file->read([&](std::span<const std::byte> piece) {
    place->note_progress();
    message.set_chunk(piece.data(), piece.size());
    sent_ += static_cast<std::int64_t>(piece.size());
    return writer.Write(message) ? absl::OkStatus() : gone;
  });
}

}  // namespace melsweep::rpc
