#include "worker/trainer/audio/ogg_packets.h"

#include <cstddef>

namespace melsweep::audio {
namespace {

constexpr long kReadBytes = 1 << 16;

}  // namespace

OggPackets::OggPackets(const std::filesystem::path& path) : file_(path, std::ios::binary) {
  ogg_sync_init(&sync_);
}

OggPackets::~OggPackets() {
  if (stream_) ogg_stream_clear(&*stream_);
  ogg_sync_clear(&sync_);
}

OggPackets::Page OggPackets::find_page(ogg_page& page) {
  int found = 0;
  while ((found = ogg_sync_pageout(&sync_, &page)) == 0) {
    char* const room = ogg_sync_buffer(&sync_, kReadBytes);
    if (room == nullptr) return Page::kWrong;
    file_.read(room, kReadBytes);
    if (file_.gcount() == 0) return file_.eof() && sync_.fill == sync_.returned ? Page::kNone : Page::kWrong;
    ogg_sync_wrote(&sync_, static_cast<long>(file_.gcount()));
  }
  return found > 0 ? Page::kFound : Page::kWrong;
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
                   .is_last = ended_};
}

}  // namespace melsweep::audio
