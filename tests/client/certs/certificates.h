// The folders of `melsweep certs init` in a temporary place.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "client/certs/folders.h"
#include "shared/time/clock.h"

namespace melsweep::certs {

class Certificates {
 public:
  explicit Certificates(std::vector<std::string> hosts = {"127.0.0.1", "localhost"})
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name() / std::to_string(++made_)) {
    const absl::Status status = make_folders(folder_, {.hosts = std::move(hosts)}, SystemClock().now().wall);
    EXPECT_TRUE(status.ok()) << status;
  }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  ~Certificates() { std::filesystem::remove_all(folder_); }

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path coordinator() const { return folder_ / "coordinator"; }
  std::filesystem::path worker() const { return folder_ / "worker"; }
  std::filesystem::path client() const { return folder_ / "client"; }

 private:
  static inline int made_ = 0;
  std::filesystem::path folder_;
};

}  // namespace melsweep::certs
