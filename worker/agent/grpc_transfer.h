// The ArtifactTransfer over gRPC.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "melsweep/v1/artifact.grpc.pb.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/events.h"

namespace melsweep::agent {

// A call has a thread of its own: a disk that is slow must not keep gRPC's, which carry heartbeats. The
// functions are called from one thread. Destroyed, it cancels what is under way and waits for it.
class GrpcTransfer final : public ArtifactTransfer {
 public:
  // `post` takes the answers, on any thread, and must not wait.
  GrpcTransfer(std::unique_ptr<v1::ArtifactService::StubInterface> stub, WorkerId worker,
               std::function<void(Event)> post);

  void store(const StoreId& database, const ArtifactName& name, const LocalFile& file) override;
  void fetch(const StoreId& database, const ArtifactName& name, const std::string& sha256,
             const std::filesystem::path& to) override;
  void cancel() override;

 private:
  absl::Status send(v1::UploadHeader header, const std::filesystem::path& from, const std::stop_token& stop);
  absl::Status receive(const v1::DownloadRequest& request, const std::string& sha256,
                       const std::filesystem::path& to, const std::stop_token& stop);

  std::unique_ptr<v1::ArtifactService::StubInterface> stub_;
  WorkerId worker_;
  std::function<void(Event)> post_;
  // Last, so that they end before what they use.
  std::jthread storing_;
  std::jthread fetching_;
};

}  // namespace melsweep::agent
