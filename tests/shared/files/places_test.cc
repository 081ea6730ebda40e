#include "shared/files/places.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

namespace melsweep::files {
namespace {

class Places : public testing::Test {
 protected:
  Places() {
    for (const char* name : {"HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "MELSWEEP_DATA_DIR", "MELSWEEP_DB",
                             "MELSWEEP_WEIGHTS_DIR"}) {
      const char* value = std::getenv(name);
      before_[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
      ::unsetenv(name);
    }
    ::setenv("HOME", "/home/ada", 1);
  }
  ~Places() override {
    for (const auto& [name, value] : before_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(Places, AreBelowTheHomeFolder) {
  EXPECT_EQ(default_worker_dir(), "/home/ada/.cache/melsweep");
  EXPECT_EQ(default_database(), "/home/ada/.local/share/melsweep/results.db");
  EXPECT_EQ(default_weights_dir(), "/home/ada/.local/share/melsweep/weights");
}

TEST_F(Places, FollowXdg) {
  ::setenv("XDG_CACHE_HOME", "/cache", 1);
  ::setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(default_worker_dir(), "/cache/melsweep");
  EXPECT_EQ(default_database(), "/data/melsweep/results.db");
  EXPECT_EQ(default_weights_dir(), "/data/melsweep/weights");
}

TEST_F(Places, FollowTheirOwnVariablesFirst) {
  ::setenv("XDG_CACHE_HOME", "/cache", 1);
  ::setenv("XDG_DATA_HOME", "/data", 1);
  ::setenv("MELSWEEP_DATA_DIR", "/a", 1);
  ::setenv("MELSWEEP_DB", "/b.db", 1);
  ::setenv("MELSWEEP_WEIGHTS_DIR", "/w", 1);
  EXPECT_EQ(default_worker_dir(), "/a");
  EXPECT_EQ(default_database(), "/b.db");
  EXPECT_EQ(default_weights_dir(), "/w");
}

TEST_F(Places, TakeAnEmptyVariableForAnUnsetOne) {
  ::setenv("MELSWEEP_DB", "", 1);
  EXPECT_EQ(default_database(), "/home/ada/.local/share/melsweep/results.db");
}

}  // namespace
}  // namespace melsweep::files
