// Programs that stand in for an engine's: they write down what they were asked, and print what the test says.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::scaling {

// First on PATH as long as it lives.
class StandIns {
 public:
  StandIns() : path_before_(std::getenv("PATH")) {
    ::setenv("PATH", absl::StrCat(folder_.path().string(), ":", path_before_).c_str(), 1);
  }
  ~StandIns() { ::setenv("PATH", path_before_.c_str(), 1); }
  StandIns(const StandIns&) = delete;
  StandIns& operator=(const StandIns&) = delete;

  // Each run writes its arguments, with '|' between, as one line of asked().
  void add(const std::string& program, const std::string& prints = "", int exit_code = 0) {
    const std::filesystem::path file = folder_.path() / program;
    std::ofstream(file) << "#!/bin/sh\n(IFS='|'; echo \"" << program << "|$*\" >>"
                        << (folder_.path() / "asked").string() << ")\ncat <<'END'\n"
                        << prints << (prints.empty() ? "" : "\n") << "END\nexit " << exit_code << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  std::string asked() const {
    std::ifstream file(folder_.path() / "asked");
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path_before_;
  store::TemporaryFolder folder_;
};

}  // namespace melsweep::scaling
