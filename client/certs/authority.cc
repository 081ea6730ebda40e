#include "client/certs/authority.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace melsweep::certs {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Text = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long kVersion3 = 2;  // as X.509 counts

absl::Status failed(std::string_view what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  return absl::InternalError(absl::StrCat("cannot ", std::string(what), ": ", reason.data()));
}

std::string content_of(BIO* text) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(text, &data);
  return {data, static_cast<std::size_t>(size)};
}

absl::StatusOr<Identity> as_pem(EVP_PKEY* key, X509* certificate) {
  const Text key_text(BIO_new(BIO_s_mem()));
  const Text certificate_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate) != 1) {
    return failed("write a certificate");
  }
  return Identity{content_of(key_text.get()), content_of(certificate_text.get())};
}

Text reading(const std::string& pem) {
  return Text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] &= 0x7fU;  // positive
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, const Validity& validity) {
  const std::time_t from = std::chrono::system_clock::to_time_t(validity.from);
  const std::time_t until = std::chrono::system_clock::to_time_t(validity.from + validity.length);
  return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), until) != nullptr;
}

bool set_name(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1;
}

// A certificate of `key` without issuer, extensions and signature.
Certificate begin_certificate(EVP_PKEY* key, const std::string& name, const Validity& validity) {
  Certificate certificate(X509_new());
  const bool good = certificate && X509_set_version(certificate.get(), kVersion3) == 1 &&
                    set_serial(certificate.get()) && set_validity(certificate.get(), validity) &&
                    set_name(certificate.get(), name) && X509_set_pubkey(certificate.get(), key) == 1;
  return good ? std::move(certificate) : nullptr;
}

bool sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  return X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
         X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
}

// "DNS:node-1,IP:127.0.0.1"
std::string alternative_names(const std::vector<std::string>& hosts) {
  std::vector<std::string> names;
  for (const std::string& host : hosts) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
    names.push_back(absl::StrCat(is_address ? "IP:" : "DNS:", host));
  }
  return absl::StrJoin(names, ",");
}

}  // namespace

absl::StatusOr<Identity> make_authority(const std::string& name, const Validity& validity) {
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("make a key");
  const Certificate certificate = begin_certificate(key.get(), name, validity);
  X509* self = certificate.get();
  if (!certificate || !add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(self, self, NID_subject_key_identifier, "hash") || !sign(self, self, key.get())) {
    return failed("make the authority's certificate");
  }
  return as_pem(key.get(), self);
}

absl::StatusOr<Identity> make_identity(const Identity& authority, const std::string& name,
                                       const std::vector<std::string>& hosts, const Validity& validity) {
  const Key issuer_key(PEM_read_bio_PrivateKey(reading(authority.key).get(), nullptr, nullptr, nullptr));
  const Certificate issuer(
      PEM_read_bio_X509(reading(authority.certificate).get(), nullptr, nullptr, nullptr));
  if (!issuer_key || !issuer)
    return absl::InvalidArgumentError("the authority's key or certificate is damaged");
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("make a key");
  const Certificate certificate = begin_certificate(key.get(), name, validity);
  X509* self = certificate.get();
  const bool good =
      certificate && add_extension(self, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(self, issuer.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(self, issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth") &&
      add_extension(self, issuer.get(), NID_authority_key_identifier, "keyid") &&
      (hosts.empty() || add_extension(self, issuer.get(), NID_subject_alt_name, alternative_names(hosts))) &&
      sign(self, issuer.get(), issuer_key.get());
  if (!good) return failed(absl::StrCat("make the certificate of ", name));
  return as_pem(key.get(), self);
}

}  // namespace melsweep::certs
