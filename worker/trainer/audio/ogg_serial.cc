#include "worker/trainer/audio/ogg_serial.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace melsweep::audio {
namespace {

constexpr std::size_t kSerialAt = 14;
constexpr std::size_t kChecksumAt = 22;
constexpr std::size_t kSegmentsAt = 26;
constexpr std::size_t kHeaderBytes = 27;  // before the segments' lengths

// CRC-32 with the polynomial 0x04c11db7, the highest bit first, from 0 and without a final inversion.
constexpr std::array<std::uint32_t, 256> make_checksums() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t rest = byte << 24;
    for (int bit = 0; bit < 8; ++bit) rest = (rest << 1) ^ ((rest >> 31) * 0x04c11db7U);
    table[byte] = rest;
  }
  return table;
}

std::uint32_t checksum(std::span<const char> page) {
  static constexpr std::array<std::uint32_t, 256> kChecksums = make_checksums();
  std::uint32_t rest = 0;
  for (const char byte : page) {
    rest = (rest << 8) ^ kChecksums[(rest >> 24) ^ static_cast<unsigned char>(byte)];
  }
  return rest;
}

void put_little_endian(std::uint32_t number, std::span<char> to) {
  for (char& byte : to) {
    byte = static_cast<char>(static_cast<unsigned char>(number & 0xffU));
    number >>= 8;
  }
}

// How many bytes the page has that `rest` begins with; none where it is no whole page.
std::optional<std::size_t> page_bytes(std::span<const char> rest) {
  if (rest.size() < kHeaderBytes || std::string_view(rest.data(), 4) != "OggS") return std::nullopt;
  const std::size_t segments = static_cast<unsigned char>(rest[kSegmentsAt]);
  std::size_t bytes = kHeaderBytes + segments;
  if (rest.size() < bytes) return std::nullopt;
  for (const char length : rest.subspan(kHeaderBytes, segments)) bytes += static_cast<unsigned char>(length);
  if (rest.size() < bytes) return std::nullopt;
  return bytes;
}

}  // namespace

absl::Status set_ogg_serial(std::string& file, std::uint32_t serial) {
  if (file.empty()) return absl::InvalidArgumentError("no Ogg file: it is empty");
  for (std::span<char> rest(file); !rest.empty();) {
    const std::optional<std::size_t> bytes = page_bytes(rest);
    if (!bytes) return absl::InvalidArgumentError("no Ogg file: something in it is no whole page");
    const std::span<char> page = rest.first(*bytes);
    put_little_endian(serial, page.subspan(kSerialAt, 4));
    put_little_endian(0, page.subspan(kChecksumAt, 4));
    put_little_endian(checksum(page), page.subspan(kChecksumAt, 4));
    rest = rest.subspan(*bytes);
  }
  return absl::OkStatus();
}

}  // namespace melsweep::audio
