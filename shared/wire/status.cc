#include "shared/wire/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace melsweep::wire {

namespace {

// As gRPC does it ("PROTOCOL-HTTP2.md", Percent-Encoded).
std::size_t encoded_bytes(char c) {
  return c >= ' ' && c <= '~' && c != '%' ? 1 : 3;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string cut_to_fit(absl::string_view message) {
  constexpr absl::string_view kMark = "...";
  std::size_t encoded = 0;
  std::size_t cut = 0;  // the last place where the mark would still fit
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (encoded + kMark.size() <= kMaxStatusHeaderBytes && !continues_character(message[i])) cut = i;
    encoded += encoded_bytes(message[i]);
    if (encoded > kMaxStatusHeaderBytes) return absl::StrCat(message.substr(0, cut), kMark);
  }
  return std::string(message);
}

}  // namespace

// absl::StatusCode and grpc::StatusCode are both google.rpc.Code, number by number.
grpc::Status to_grpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return {static_cast<grpc::StatusCode>(status.raw_code()), cut_to_fit(status.message())};
}

absl::Status from_grpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
}

}  // namespace melsweep::wire
