#include "shared/net/authentication.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace melsweep::net {
namespace {

constexpr char kHeader[] = "authorization";
constexpr char kScheme[] = "Bearer ";
constexpr char kMethodHeader[] = ":path";  // HTTP/2's name for the method that is called

std::string_view view(const grpc::string_ref& text) {
  return {text.data(), text.size()};
}

class TokenCredentials final : public grpc::MetadataCredentialsPlugin {
 public:
  explicit TokenCredentials(std::filesystem::path file) : file_(std::move(file)) {}

  bool IsBlocking() const override { return false; }  // a small local file

  grpc::Status GetMetadata(grpc::string_ref, grpc::string_ref, const grpc::AuthContext&,
                           std::multimap<grpc::string, grpc::string>* metadata) override {
    const auto token = read_token(file_);
    if (!token.ok()) return {grpc::StatusCode::UNAUTHENTICATED, std::string(token.status().message())};
    metadata->emplace(kHeader, absl::StrCat(kScheme, *token));
    return grpc::Status::OK;
  }

  grpc::string DebugString() override { return absl::StrCat("token in ", file_.string()); }

 private:
  std::filesystem::path file_;
};

class TokenProcessor final : public grpc::AuthMetadataProcessor {
 public:
  TokenProcessor(std::unique_ptr<TokenList> tokens, RoleOfMethod role_of_method)
      : tokens_(std::move(tokens)), role_of_method_(std::move(role_of_method)) {}

  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext*, OutputMetadata* consumed,
                       OutputMetadata*) override {
    const auto method = metadata.find(kMethodHeader);
    if (method == metadata.end()) return {grpc::StatusCode::INTERNAL, "a call of no method"};
    const auto header = metadata.find(kHeader);
    std::string_view token = header == metadata.end() ? std::string_view() : view(header->second);
    if (token.substr(0, sizeof kScheme - 1) != kScheme) {
      return {grpc::StatusCode::UNAUTHENTICATED, "the call carries no token: use --credentials"};
    }
    token.remove_prefix(sizeof kScheme - 1);
    const std::optional<Role> role = role_of_method_(view(method->second));
    const absl::Status status = tokens_->check(token, role, clock_.now().wall);
    if (!status.ok()) return {grpc::StatusCode::UNAUTHENTICATED, std::string(status.message())};
    consumed->emplace(kHeader, std::string(view(header->second)));
    return grpc::Status::OK;
  }

 private:
  std::unique_ptr<TokenList> tokens_;
  RoleOfMethod role_of_method_;
  SystemClock clock_;
};

}  // namespace

std::shared_ptr<grpc::CallCredentials> token_credentials(const std::filesystem::path& token_file) {
  return grpc::MetadataCredentialsFromPlugin(std::make_unique<TokenCredentials>(token_file));
}

std::shared_ptr<grpc::AuthMetadataProcessor> token_processor(std::unique_ptr<TokenList> tokens,
                                                             RoleOfMethod role_of_method) {
  return std::make_shared<TokenProcessor>(std::move(tokens), std::move(role_of_method));
}

}  // namespace melsweep::net
