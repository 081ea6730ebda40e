// The folders of `melsweep certs`: authority/ stays with whoever runs the cluster, and coordinator/, worker/
// and client/ are copied to where their programs run (shared/net/credentials.h says what is in each).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/time/clock.h"

namespace melsweep::certs {

struct FolderOptions {
  // Names and addresses that the coordinator is reached by; renew_folders() takes none for those of before.
  std::vector<std::string> hosts;
  std::chrono::hours validity{24 * 365};  // of the three certificates; the authority's is ten times that
};

// What the old tokens still have to live once new ones are made.
inline constexpr std::chrono::hours kTokenOverlap{24};

// AlreadyExists where `folder` holds an authority: nothing is changed then.
absl::Status make_folders(const std::filesystem::path& folder, const FolderOptions& options, WallTime now);

// New keys, certificates and tokens from the authority in `folder`. Programs that run go on: what they hold
// is good until it is replaced, the old tokens for kTokenOverlap at most. The authority stays.
absl::Status renew_folders(const std::filesystem::path& folder, const FolderOptions& options, WallTime now);

}  // namespace melsweep::certs
