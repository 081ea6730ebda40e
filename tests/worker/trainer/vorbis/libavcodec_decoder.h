// The reference: libavcodec's own decoder of Vorbis.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

namespace melsweep::vorbis {

// All that it makes of a stream's packets, headers first, interleaved.
inline std::vector<float> decoded_by_libavcodec(const std::vector<std::vector<unsigned char>>& packets) {
  std::vector<unsigned char> headers = {2};
  for (int i = 0; i < 2; ++i) {
    headers.insert(headers.end(), packets[i].size() / 255, 255);
    headers.push_back(static_cast<unsigned char>(packets[i].size() % 255));
  }
  for (int i = 0; i < 3; ++i) headers.insert(headers.end(), packets[i].begin(), packets[i].end());
  const AVCodec* const vorbis = avcodec_find_decoder(AV_CODEC_ID_VORBIS);
  AVCodecContext* codec = avcodec_alloc_context3(vorbis);
  codec->extradata = static_cast<unsigned char*>(av_mallocz(headers.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  codec->extradata_size = static_cast<int>(headers.size());
  std::ranges::copy(headers, codec->extradata);
  if (avcodec_open2(codec, vorbis, nullptr) != 0)
    throw std::runtime_error("libavcodec takes no such headers");
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  std::vector<float> interleaved;
  for (std::size_t i = 3; i < packets.size(); ++i) {
    std::vector<unsigned char> padded = packets[i];
    padded.resize(padded.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    packet->data = padded.data();
    packet->size = static_cast<int>(packets[i].size());
    if (avcodec_send_packet(codec, packet) != 0) throw std::runtime_error("libavcodec takes no such packet");
    while (avcodec_receive_frame(codec, frame) == 0) {
      for (int n = 0; n < frame->nb_samples; ++n) {
        for (int channel = 0; channel < codec->ch_layout.nb_channels; ++channel)
          interleaved.push_back(reinterpret_cast<const float*>(frame->extended_data[channel])[n]);
      }
    }
  }
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  return interleaved;
}

}  // namespace melsweep::vorbis
