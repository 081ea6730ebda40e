#include "coordinator/artifacts/free_space.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/system_error.h"

namespace melsweep::artifacts {
namespace {

constexpr std::int64_t kLargestReserve = std::int64_t{1} << 30;
constexpr std::int64_t kReservePart = 20;  // one in so many bytes

std::string mebibytes(std::int64_t bytes) {
  return absl::StrCat(bytes >> 20, " MiB");
}

}  // namespace

absl::StatusOr<Space> space_of(const files::Folder& folder) {
  struct statvfs about {};
  if (::fstatvfs(folder.descriptor(), &about) != 0) {
    return files::system_error("cannot tell the free space of", folder.path());
  }
  const auto bytes = [&](fsblkcnt_t blocks) { return static_cast<std::int64_t>(blocks * about.f_frsize); };
  return Space{bytes(about.f_bavail), bytes(about.f_blocks)};
}

std::int64_t reserve_of(const Space& space) {
  return std::min(kLargestReserve, space.total / kReservePart);
}

FreeSpace::FreeSpace(const files::Folder& folder, SpaceProbe probe)
    : folder_(folder), probe_(std::move(probe)) {}

absl::Status FreeSpace::promise(std::int64_t bytes) {
  const std::scoped_lock lock(mutex_);
  const auto space = probe_(folder_);
  if (!space.ok()) return space.status();
  const std::int64_t left = space->available - promised_ - bytes;
  if (left < reserve_of(*space)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the coordinator's disk is full: a file of ", mebibytes(bytes),
                     " does not fit into the ", mebibytes(space->available), " free at ",
                     folder_.path().string(), ", of which ", mebibytes(reserve_of(*space)),
                     " are left alone and ", mebibytes(promised_), " are promised to others"));
  }
  promised_ += bytes;
  return absl::OkStatus();
}

void FreeSpace::redeem(std::int64_t bytes) {
  const std::scoped_lock lock(mutex_);
  promised_ -= bytes;
  assert(promised_ >= 0);
}

}  // namespace melsweep::artifacts
