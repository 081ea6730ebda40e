// The files of attempts, in and out (artifact.proto).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "coordinator/artifacts/artifact_folder.h"
#include "coordinator/rpc/loop.h"
#include "coordinator/rpc/transfers.h"
#include "melsweep/v1/artifact.grpc.pb.h"
#include "shared/time/clock.h"

namespace melsweep::rpc {

struct TransferredBytes {
  std::int64_t received = 0;
  std::int64_t sent = 0;
};

// A call has a thread of its own while it goes on, as gRPC makes them for such services: a disk that is slow
// to sync must not keep those few threads that all of the callback services share, heartbeats among them.
class ArtifactService final : public v1::ArtifactService::Service {
 public:
  // The loop, the folder and the clock must outlive every call.
  ArtifactService(Loop& loop, artifacts::ArtifactFolder& folder, const TransferLimits& limits,
                  const Clock& clock);

  // Ends the calls that go on, and refuses later ones.
  void stop() { transfers_.stop(); }

  // Since it was made, of files that did not come to their end too.
  TransferredBytes transferred() const { return {received_, sent_}; }

  grpc::Status Upload(grpc::ServerContext* context, grpc::ServerReader<v1::UploadRequest>* reader,
                      v1::UploadResponse* response) override;
  grpc::Status Download(grpc::ServerContext* context, const v1::DownloadRequest* request,
                        grpc::ServerWriter<v1::DownloadResponse>* writer) override;

 private:
  absl::Status receive(grpc::ServerContext& context, grpc::ServerReader<v1::UploadRequest>& reader);
  absl::Status send(grpc::ServerContext& context, const v1::DownloadRequest& request,
                    grpc::ServerWriter<v1::DownloadResponse>& writer);

  Loop& loop_;
  artifacts::ArtifactFolder& folder_;
  Transfers transfers_;
  std::atomic<std::int64_t> received_ = 0;
  std::atomic<std::int64_t> sent_ = 0;
};

}  // namespace melsweep::rpc
