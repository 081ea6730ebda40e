#include "client/exports/event_records.h"

#include <array>
#include <bit>
#include <cstring>

namespace melsweep::exports {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // Castagnoli's, reversed

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ ((remainder & 1U) != 0 ? kPolynomial : 0);
    table[byte] = remainder;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kTable = make_table();

// A checksum that may lie among bytes that are checksummed themselves: TFRecord's mask.
std::uint32_t masked(std::uint32_t checksum) {
  return std::rotr(checksum, 15) + 0xa282ead8U;
}

template <class Number>
std::string bytes_of(Number number) {
  std::string bytes(sizeof(number), '\0');
  std::memcpy(bytes.data(), &number, sizeof(number));
  return bytes;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t remainder = 0xffffffffU;
  for (const char byte : bytes) {
    remainder = remainder >> 8 ^ kTable[(remainder ^ static_cast<unsigned char>(byte)) & 0xffU];
  }
  return ~remainder;
}

void append_record(std::string& file, std::string_view bytes) {
  const std::string length = bytes_of(static_cast<std::uint64_t>(bytes.size()));
  file += length;
  file += bytes_of(masked(crc32c(length)));
  file += bytes;
  file += bytes_of(masked(crc32c(bytes)));
}

}  // namespace melsweep::exports
