#include "worker/trainer/audio/mpeg_tag.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <string_view>

namespace melsweep::audio {
namespace {

constexpr std::size_t kHeaderBytes = 4;    // of a frame
constexpr std::size_t kChecksumBytes = 2;  // between header and side information, where there is one
constexpr std::size_t kLongestSideInfo = 32;
constexpr std::size_t kTagBytes = 8;  // "Xing" and the flags
constexpr std::size_t kId3HeaderBytes = 10;

using FrameStart = std::array<unsigned char, kHeaderBytes + kChecksumBytes + kLongestSideInfo + kTagBytes>;

// Where the first frame begins: behind the ID3v2 tags, of which there may be several.
std::streamoff first_frame(std::ifstream& in) {
  std::streamoff position = 0;
  while (true) {
    std::array<unsigned char, kId3HeaderBytes> header{};
    in.seekg(position);
    in.read(reinterpret_cast<char*>(header.data()), header.size());
    if (!in || header[0] != 'I' || header[1] != 'D' || header[2] != '3') break;
    std::uint32_t size = 0;  // four times seven bits
    for (std::size_t i = 6; i < kId3HeaderBytes; ++i) size = size << 7 | (header[i] & 0x7FU);
    const bool has_footer = (header[5] & 0x10U) != 0;
    position += static_cast<std::streamoff>(kId3HeaderBytes + size + (has_footer ? kId3HeaderBytes : 0));
  }
  in.clear();
  return position;
}

// Bytes of a Layer III frame's side information; 0 where this is no header of one.
std::size_t side_info_bytes(std::span<const unsigned char> header) {
  const unsigned version = header[1] >> 3 & 3U;  // 3 = MPEG-1, 2 and 0 = the half sample rates and below
  const unsigned layer = header[1] >> 1 & 3U;    // 1 = III
  if (header[0] != 0xFF || (header[1] & 0xE0U) != 0xE0U || version == 1 || layer != 1) return 0;
  const bool mono = header[3] >> 6 == 3U;
  if (version == 3) return mono ? 17 : 32;
  return mono ? 9 : 17;
}

}  // namespace

bool mpeg_tag_counts_frames(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  FrameStart frame{};
  in.seekg(first_frame(in));
  in.read(reinterpret_cast<char*>(frame.data()), frame.size());
  const std::size_t side_info = in ? side_info_bytes(frame) : 0;
  if (side_info == 0) return false;
  const bool has_checksum = (frame[1] & 1U) == 0;
  const std::size_t tag_at = kHeaderBytes + (has_checksum ? kChecksumBytes : 0) + side_info;
  const std::string_view tag(reinterpret_cast<const char*>(frame.data()) + tag_at, kTagBytes);
  const bool named = tag.starts_with("Xing") || tag.starts_with("Info");
  return named && (static_cast<unsigned char>(tag.back()) & 1U) != 0;
}

}  // namespace melsweep::audio
