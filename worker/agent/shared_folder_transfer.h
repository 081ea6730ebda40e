// The ArtifactTransfer where the coordinator's artifact folder is mounted on this machine.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/events.h"

namespace melsweep::agent {

// A call has a thread of its own. Whether the attempt is still this worker's is not looked at here: the
// coordinator records nothing of one that is not, and removes its files. InvalidArgument: the folder is
// another database's; Unavailable: it is not there, or does not say whose it is. The functions are called
// from one thread. Destroyed, it cancels what is under way and waits for it.
class SharedFolderTransfer final : public ArtifactTransfer {
 public:
  // `post` takes the answers, on any thread, and must not wait.
  SharedFolderTransfer(std::filesystem::path root, std::function<void(Event)> post);

  void store(const StoreId& database, const ArtifactName& name, const LocalFile& file) override;
  void fetch(const StoreId& database, const ArtifactName& name, const std::string& sha256,
             const std::filesystem::path& to) override;
  void cancel() override;

 private:
  absl::Status copy_in(const StoreId& database, const ArtifactName& name, const LocalFile& local,
                       const std::stop_token& stop) const;
  absl::Status copy_out(const StoreId& database, const ArtifactName& name, const std::string& sha256,
                        const std::filesystem::path& to, const std::stop_token& stop) const;

  std::filesystem::path root_;
  std::function<void(Event)> post_;
  // Last, so that they end before what they use.
  std::jthread storing_;
  std::jthread fetching_;
};

}  // namespace melsweep::agent
