#include "worker/agent/grpc_transfer.h"

#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

#include "shared/net/channel.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/status.h"
#include "worker/agent/local_files.h"

namespace melsweep::agent {
namespace {

// The last resort, enough for the largest file at 1.2 MB/s: a connection that is dead is noticed by its
// pings, and the coordinator ends a call that stands still.
constexpr std::chrono::hours kLongestTransfer{1};

std::span<const std::byte> bytes_of(const std::string& chunk) {
  return std::as_bytes(std::span(chunk.data(), chunk.size()));
}

}  // namespace

GrpcTransfer::GrpcTransfer(std::unique_ptr<v1::ArtifactService::StubInterface> stub, WorkerId worker,
                           std::function<void(Event)> post)
    : stub_(std::move(stub)), worker_(std::move(worker)), post_(std::move(post)) {}

void GrpcTransfer::store(const StoreId&, const ArtifactName& name, const LocalFile& file) {
  v1::UploadHeader header;
  header.set_worker_id(worker_.value);
  *header.mutable_attempt() = wire::encode(name.attempt);
  header.set_step(name.step);
  header.set_sha256(file.sha256);
  header.set_kind(wire::encode(name.kind));
  storing_ = std::jthread([this, header, from = file.path](const std::stop_token& stop) {
    post_(ArtifactStored{send(header, from, stop)});
  });
}

void GrpcTransfer::fetch(const StoreId&, const ArtifactName& name, const std::string& sha256,
                         const std::filesystem::path& to) {
  v1::DownloadRequest request;
  request.set_sweep_id(name.sweep.value);
  *request.mutable_attempt() = wire::encode(name.attempt);
  request.set_step(name.step);
  request.set_kind(wire::encode(name.kind));
  fetching_ = std::jthread([this, request, sha256, to](const std::stop_token& stop) {
    post_(ArtifactFetched{receive(request, sha256, to, stop)});
  });
}

void GrpcTransfer::cancel() {
  storing_.request_stop();
  fetching_.request_stop();
}

absl::Status GrpcTransfer::send(v1::UploadHeader header, const std::filesystem::path& from,
                                const std::stop_token& stop) {
  auto file = open_local_file(from);
  if (!file.ok()) return file.status();
  header.set_bytes(file->bytes());

  grpc::ClientContext context;
  net::set_timeout(context, kLongestTransfer);
  const std::stop_callback cancel(stop, [&context] { context.TryCancel(); });
  v1::UploadResponse response;
  const auto writer = stub_->Upload(&context, &response);
  v1::UploadRequest request;
  *request.mutable_header() = std::move(header);
  bool is_open = writer->Write(request);
  const absl::Status read = file->read([&](std::span<const std::byte> piece) {
    request.set_chunk(piece.data(), piece.size());
    is_open = is_open && writer->Write(request);
    return is_open ? absl::OkStatus() : absl::CancelledError("the coordinator has answered");
  });
  if (is_open && !read.ok()) {
    context.TryCancel();
    writer->Finish();
    return local_error(read);
  }
  if (is_open) writer->WritesDone();
  return wire::from_grpc(writer->Finish());
}

absl::Status GrpcTransfer::receive(const v1::DownloadRequest& request, const std::string& sha256,
                                   const std::filesystem::path& to, const std::stop_token& stop) {
  grpc::ClientContext context;
  net::set_timeout(context, kLongestTransfer);
  const std::stop_callback cancel(stop, [&context] { context.TryCancel(); });
  const auto reader = stub_->Download(&context, request);
  v1::DownloadResponse response;
  if (!reader->Read(&response)) {
    const absl::Status status = wire::from_grpc(reader->Finish());
    return status.ok() ? absl::InternalError("the coordinator's answer has no file in it") : status;
  }
  auto copy = CheckedCopy::create(to, {response.bytes(), sha256});
  absl::Status status = copy.status();
  while (status.ok() && reader->Read(&response)) status = copy->append(bytes_of(response.chunk()));
  if (!status.ok()) {
    context.TryCancel();
    reader->Finish();
    return status;
  }
  if (status = wire::from_grpc(reader->Finish()); !status.ok()) return status;
  return copy->commit();
}

}  // namespace melsweep::agent
