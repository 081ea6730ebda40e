// Bearer tokens: a caller shows one with each call, a coordinator knows their SHA-256 only.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/net/roles.h"
#include "shared/time/clock.h"

namespace melsweep::net {

struct AcceptedToken {
  Role role = Role::kClient;
  std::string sha256;               // of the token, 64 hexadecimal digits
  std::optional<WallTime> expires;  // refused from then on
  friend bool operator==(const AcceptedToken&, const AcceptedToken&) = default;
};

// A file of one token a line, "worker|client SHA256 [YYYY-MM-DDTHH:MM:SSZ]", the time being when it expires;
// '#' begins a comment. InvalidArgument names the line.
absl::StatusOr<std::vector<AcceptedToken>> parse_accepted_tokens(std::string_view text);
std::string to_text(const std::vector<AcceptedToken>& tokens);

// The tokens that a coordinator accepts, read again whenever their file has changed. Thread-safe.
class TokenList {
 public:
  // The file must be readable now; later, while it is not, what was read last stays in force.
  static absl::StatusOr<std::unique_ptr<TokenList>> open(const std::filesystem::path& file);

  // Unauthenticated: unknown, expired, or of another role than this one, if there is one. The message never
  // holds the token.
  absl::Status check(std::string_view token, std::optional<Role> role, WallTime now);

 private:
  struct Version {
    std::filesystem::file_time_type changed;
    std::uintmax_t size = 0;
    friend bool operator==(const Version&, const Version&) = default;
  };

  explicit TokenList(std::filesystem::path file) : file_(std::move(file)) {}

  // What is in the file now, where it can be told.
  std::optional<Version> version() const;
  absl::Status read();

  std::filesystem::path file_;
  std::mutex mutex_;
  std::optional<Version> version_;     // guarded by mutex_; of what was read last
  std::vector<AcceptedToken> tokens_;  // guarded by mutex_
};

// The one token in a caller's file, without the white space around it.
absl::StatusOr<std::string> read_token(const std::filesystem::path& file);

}  // namespace melsweep::net
