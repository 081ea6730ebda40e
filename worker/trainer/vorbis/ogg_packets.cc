#include "worker/trainer/vorbis/ogg_packets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "shared/files/descriptor.h"

namespace melsweep::vorbis {
namespace {

constexpr std::string_view kPageMark = "OggS";

// Up to `bytes` from the file's beginning on; how many there were.
std::int64_t read_beginning(const files::Descriptor& file, char* to, std::int64_t bytes) {
  std::int64_t at = 0;
  while (at < bytes) {
    const ssize_t count = ::pread(file.get(), to + at, static_cast<std::size_t>(bytes - at), at);
    if (count <= 0) break;
    at += count;
  }
  return at;
}

bool begins_with_page(const files::Descriptor& file) {
  std::array<char, kPageMark.size()> beginning{};
  return read_beginning(file, beginning.data(), beginning.size()) == beginning.size() &&
         std::ranges::equal(beginning, kPageMark);
}

}  // namespace

OggPackets::OggPackets(const std::filesystem::path& path) {
  ogg_sync_init(&sync_);
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || !begins_with_page(file) || ::fstat(file.get(), &status) != 0) return;
  if (status.st_size > kMaxBytes) return;
  char* const room = ogg_sync_buffer(&sync_, status.st_size);
  if (room != nullptr) ogg_sync_wrote(&sync_, read_beginning(file, room, status.st_size));
}

OggPackets::~OggPackets() {
  if (stream_) ogg_stream_clear(&*stream_);
  ogg_sync_clear(&sync_);
}

std::int64_t OggPackets::last_position() const {
  constexpr std::size_t kHeaderBytes = 27;  // RFC 3533, section 6
  constexpr std::size_t kPositionAt = 6;
  if (sync_.fill < static_cast<int>(kHeaderBytes)) return -1;
  const std::string_view file(reinterpret_cast<const char*>(sync_.data),
                              static_cast<std::size_t>(sync_.fill));
  const std::size_t page = file.rfind(kPageMark, file.size() - kHeaderBytes);
  if (page == std::string_view::npos) return -1;
  std::uint64_t position = 0;
  for (std::size_t i = 8; i-- > 0;) position = position << 8 | sync_.data[page + kPositionAt + i];
  return static_cast<std::int64_t>(position);
}

OggPackets::Page OggPackets::find_page(ogg_page& page) {
  const int found = ogg_sync_pageout(&sync_, &page);
  if (found > 0) return Page::kFound;
  return found == 0 && sync_.fill == sync_.returned ? Page::kNone : Page::kWrong;
}

bool OggPackets::take_page() {
  ogg_page page{};
  if (find_page(page) != Page::kFound) return false;
  if (!stream_) ogg_stream_init(&stream_.emplace(), ogg_page_serialno(&page));
  return ogg_stream_pagein(&*stream_, &page) == 0;
}

std::optional<OggPacket> OggPackets::next() {
  if (ended_) {
    ogg_page page{};
    whole_ = find_page(page) == Page::kNone;
    return std::nullopt;
  }
  ogg_packet packet{};
  int found = 0;
  while (!stream_ || (found = ogg_stream_packetout(&*stream_, &packet)) == 0) {
    if (!take_page()) return std::nullopt;
  }
  if (found < 0) return std::nullopt;  // a page is missing
  ended_ = packet.e_o_s != 0;
  return OggPacket{.bytes = {packet.packet, static_cast<std::size_t>(packet.bytes)},
                   .position = packet.granulepos,
                   .is_first = packet.b_o_s != 0,
                   .is_last = ended_};
}

}  // namespace melsweep::vorbis
