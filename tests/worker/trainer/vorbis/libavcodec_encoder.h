// Ogg Vorbis as libavcodec's own encoder writes it: in stereo, with other code books than those of libvorbis.
#pragma once

#include <ogg/ogg.h>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace melsweep::vorbis {

// The packets without headers, of one frame a channel after the other; `codec` is open.
inline std::vector<std::vector<unsigned char>> encoded_by(AVCodecContext* codec,
                                                          const std::vector<float>& interleaved) {
  std::vector<std::vector<unsigned char>> packets;
  AVPacket* packet = av_packet_alloc();
  const auto receive = [&] {
    for (; avcodec_receive_packet(codec, packet) == 0; av_packet_unref(packet))
      packets.emplace_back(packet->data, packet->data + packet->size);
  };
  AVFrame* frame = av_frame_alloc();
  const auto frame_values = 2 * static_cast<std::size_t>(codec->frame_size);
  for (std::size_t at = 0; at + frame_values <= interleaved.size(); at += frame_values) {
    frame->nb_samples = codec->frame_size;
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = codec->sample_rate;
    frame->pts = static_cast<std::int64_t>(at / 2);
    av_channel_layout_copy(&frame->ch_layout, &codec->ch_layout);
    av_frame_get_buffer(frame, 0);
    for (std::size_t i = 0; i < frame_values; ++i)
      reinterpret_cast<float*>(frame->extended_data[i % 2])[i / 2] = interleaved[at + i];
    if (avcodec_send_frame(codec, frame) != 0) throw std::runtime_error("libavcodec encodes no such frame");
    av_frame_unref(frame);
    receive();
  }
  avcodec_send_frame(codec, nullptr);
  receive();
  av_frame_free(&frame);
  av_packet_free(&packet);
  return packets;
}

// Headers first. All blocks are of one size; the position at the end.
inline std::int64_t write_ogg(const std::filesystem::path& path,
                              std::vector<std::vector<unsigned char>>& packets, std::int64_t half_block) {
  std::ofstream file(path, std::ios::binary);
  ogg_stream_state stream{};
  ogg_stream_init(&stream, 1);
  ogg_page page{};
  std::int64_t position = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (i > 3) position += half_block;
    ogg_packet packet{.packet = packets[i].data(),
                      .bytes = static_cast<long>(packets[i].size()),
                      .b_o_s = i == 0 ? 1 : 0,
                      .e_o_s = i + 1 == packets.size() ? 1 : 0,
                      .granulepos = position,
                      .packetno = static_cast<ogg_int64_t>(i)};
    ogg_stream_packetin(&stream, &packet);
    const bool ends_page = i == 0 || i == 2;
    while ((ends_page ? ogg_stream_flush(&stream, &page) : ogg_stream_pageout(&stream, &page)) != 0) {
      file.write(reinterpret_cast<const char*>(page.header), page.header_len);
      file.write(reinterpret_cast<const char*>(page.body), page.body_len);
    }
  }
  ogg_stream_clear(&stream);
  return position;
}

// How many frames the file has: those of whole blocks.
inline std::int64_t write_by_libavcodec(const std::filesystem::path& path, int sample_rate, int quality,
                                        const std::vector<float>& interleaved) {
  const AVCodec* const vorbis = avcodec_find_encoder_by_name("vorbis");
  if (vorbis == nullptr) throw std::runtime_error("libavcodec has no encoder of Vorbis");
  AVCodecContext* codec = avcodec_alloc_context3(vorbis);
  codec->sample_rate = sample_rate;
  codec->sample_fmt = AV_SAMPLE_FMT_FLTP;
  codec->time_base = {1, sample_rate};
  codec->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
  codec->flags |= AV_CODEC_FLAG_QSCALE;
  codec->global_quality = quality * FF_QP2LAMBDA;
  av_channel_layout_default(&codec->ch_layout, 2);
  if (avcodec_open2(codec, vorbis, nullptr) != 0)
    throw std::runtime_error("libavcodec encodes no such sound");
  // The headers: how many follow the first, the lengths of the first two as 255s and a rest, and they
  // themselves.
  const std::vector<unsigned char> headers(codec->extradata, codec->extradata + codec->extradata_size);
  std::vector<std::vector<unsigned char>> packets;
  auto at = headers.begin() + 1;
  std::vector<std::ptrdiff_t> lengths(2, 0);
  for (std::ptrdiff_t& length : lengths) {
    for (; *at == 255; ++at) length += 255;
    length += *at++;
  }
  lengths.push_back(headers.end() - at - lengths[0] - lengths[1]);
  for (const std::ptrdiff_t length : lengths) {
    packets.emplace_back(at, at + length);
    at += length;
  }
  const std::int64_t half_block = std::int64_t{1} << (packets[0][28] >> 4) >> 1;  // all blocks are as long
  std::ranges::copy(encoded_by(codec, interleaved), std::back_inserter(packets));
  avcodec_free_context(&codec);
  return write_ogg(path, packets, half_block);
}

}  // namespace melsweep::vorbis
