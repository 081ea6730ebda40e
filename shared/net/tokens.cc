#include "shared/net/tokens.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"

namespace melsweep::net {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
constexpr std::size_t kDigestLength = 64;
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%SZ";

std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::kWorker, Role::kClient}) {
    if (text == name_of(role)) return role;
  }
  return std::nullopt;
}

bool is_digest(std::string_view text) {
  return text.size() == kDigestLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<WallTime> parse_time(std::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(kTimeFormat, std::string(text), &time, &error)) return std::nullopt;
  return std::chrono::time_point_cast<std::chrono::milliseconds>(absl::ToChronoTime(time));
}

std::optional<AcceptedToken> parse_line(const std::vector<std::string>& words) {
  if (words.size() < 2 || words.size() > 3) return std::nullopt;
  const std::optional<Role> role = parse_role(words[0]);
  if (!role || !is_digest(words[1])) return std::nullopt;
  AcceptedToken token{*role, words[1], std::nullopt};
  if (words.size() == 3) {
    token.expires = parse_time(words[2]);
    if (!token.expires) return std::nullopt;
  }
  return token;
}

// How long it takes does not tell how much was right.
bool same_digest(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

absl::StatusOr<std::vector<AcceptedToken>> parse_accepted_tokens(std::string_view text) {
  std::vector<AcceptedToken> tokens;
  int number = 0;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(std::string(text), '\n'))) {
    ++number;
    const std::string content = line.substr(0, line.find('#'));
    const std::vector<std::string> words =
        absl::StrSplit(content, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    std::optional<AcceptedToken> token = parse_line(words);
    if (!token) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " is not 'worker|client SHA256 [YYYY-MM-DDTHH:MM:SSZ]'"));
    }
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

std::string to_text(const std::vector<AcceptedToken>& tokens) {
  std::string text = "# role, SHA-256 of the token, and when it expires\n";
  for (const AcceptedToken& token : tokens) {
    absl::StrAppend(&text, std::string(name_of(token.role)), " ", token.sha256);
    if (token.expires) {
      absl::StrAppend(&text, " ",
                      absl::FormatTime(kTimeFormat, absl::FromChrono(*token.expires), absl::UTCTimeZone()));
    }
    text += "\n";
  }
  return text;
}

absl::StatusOr<std::unique_ptr<TokenList>> TokenList::open(const std::filesystem::path& file) {
  std::unique_ptr<TokenList> list(new TokenList(file));
  list->version_ = list->version();
  if (absl::Status status = list->read(); !status.ok()) return status;
  return list;
}

std::optional<TokenList::Version> TokenList::version() const {
  std::error_code error;
  const auto changed = std::filesystem::last_write_time(file_, error);
  if (error) return std::nullopt;
  const std::uintmax_t size = std::filesystem::file_size(file_, error);
  if (error) return std::nullopt;
  return Version{changed, size};
}

absl::Status TokenList::read() {
  const auto text = files::read_file(file_, kMaxFileBytes);
  if (!text.ok()) return text.status();
  auto tokens = parse_accepted_tokens(*text);
  if (!tokens.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(file_.string(), ": ", tokens.status().message()));
  }
  tokens_ = *std::move(tokens);
  return absl::OkStatus();
}

absl::Status TokenList::check(std::string_view token, std::optional<Role> role, WallTime now) {
  const std::string digest = files::sha256(token);
  const std::scoped_lock lock(mutex_);
  if (const auto current = version(); current && current != version_ && read().ok()) version_ = current;
  const auto found = std::find_if(tokens_.begin(), tokens_.end(), [&](const AcceptedToken& accepted) {
    return same_digest(accepted.sha256, digest);
  });
  if (found == tokens_.end()) return absl::UnauthenticatedError("the coordinator does not know this token");
  if (found->expires && now >= *found->expires) {
    return absl::UnauthenticatedError(
        "this token has expired: fetch the newer one from whoever runs the coordinator");
  }
  if (role && found->role != *role) {
    return absl::UnauthenticatedError(absl::StrCat("this token is a ", std::string(name_of(found->role)),
                                                   "'s, and the call needs a ", std::string(name_of(*role)),
                                                   "'s: use that folder with --credentials"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> read_token(const std::filesystem::path& file) {
  const auto text = files::read_file(file, kMaxFileBytes);
  if (!text.ok()) return text.status();
  std::string token(absl::StripAsciiWhitespace(*text));
  if (token.empty() || token.find_first_of(" \t\r\n") != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(file.string(), " does not hold one token"));
  }
  return token;
}

}  // namespace melsweep::net
