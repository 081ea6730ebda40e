#include "worker/trainer/audio/vorbis.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

#include "worker/trainer/audio/ogg_packets.h"

namespace melsweep::audio {
namespace {

constexpr int kHeaders = 3;      // identification, comments, code books (Vorbis I specification, 4.2)
constexpr int kMaxChannels = 2;  // the order of more is not that of libvorbis

struct FreeCodec {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

// The headers as libavcodec takes them: how many follow the first, the lengths of all but the last in the
// style of Ogg (255s and a rest), then the headers.
std::optional<std::vector<unsigned char>> read_headers(OggPackets& packets) {
  std::vector<unsigned char> lengths = {kHeaders - 1};
  std::vector<unsigned char> headers;
  for (int header = 0; header < kHeaders; ++header) {
    const std::optional<OggPacket> packet = packets.next();
    if (!packet) return std::nullopt;
    const std::size_t size = packet->bytes.size();
    headers.insert(headers.end(), packet->bytes.begin(), packet->bytes.end());
    if (header == kHeaders - 1) break;
    lengths.insert(lengths.end(), size / 255, 255);
    lengths.push_back(static_cast<unsigned char>(size % 255));
  }
  lengths.insert(lengths.end(), headers.begin(), headers.end());
  return lengths;
}

class Decoder {
 public:
  // False where the headers are not of a Vorbis stream.
  bool start(std::span<const unsigned char> headers) {
    static const bool is_quiet = (av_log_set_level(AV_LOG_QUIET), true);  // libsndfile says what is wrong
    if (!is_quiet) return false;
    const AVCodec* const vorbis = avcodec_find_decoder(AV_CODEC_ID_VORBIS);
    if (vorbis == nullptr) return false;
    codec_.reset(avcodec_alloc_context3(vorbis));
    auto* const extradata =
        static_cast<unsigned char*>(av_mallocz(headers.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (codec_ == nullptr || packet_ == nullptr || frame_ == nullptr || extradata == nullptr) {
      av_free(extradata);
      return false;
    }
    std::ranges::copy(headers, extradata);
    codec_->extradata = extradata;  // the context frees it
    codec_->extradata_size = static_cast<int>(headers.size());
    codec_->thread_count = 1;
    return avcodec_open2(codec_.get(), vorbis, nullptr) == 0;
  }

  bool gives(int channels) const {
    return codec_->ch_layout.nb_channels == channels && codec_->sample_fmt == AV_SAMPLE_FMT_FLTP;
  }

  // Appends the packet's frames, interleaved. False where it cannot be decoded.
  bool decode(std::span<const unsigned char> packet, std::vector<float>& interleaved) {
    padded_.assign(packet.begin(), packet.end());
    padded_.resize(packet.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    packet_->data = padded_.data();
    packet_->size = static_cast<int>(packet.size());
    if (avcodec_send_packet(codec_.get(), packet_.get()) < 0) return false;
    int state = 0;
    while ((state = avcodec_receive_frame(codec_.get(), frame_.get())) == 0) append(interleaved);
    return state == AVERROR(EAGAIN);
  }

 private:
  void append(std::vector<float>& interleaved) const {
    const auto frames = static_cast<std::size_t>(frame_->nb_samples);
    const auto channels = static_cast<std::size_t>(codec_->ch_layout.nb_channels);
    const std::size_t begin = interleaved.size();
    interleaved.resize(begin + frames * channels);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const auto* const from = reinterpret_cast<const float*>(frame_->extended_data[channel]);
      float* const to = interleaved.data() + begin + channel;
      for (std::size_t i = 0; i < frames; ++i) to[i * channels] = from[i];
    }
  }

  std::unique_ptr<AVCodecContext, FreeCodec> codec_;
  std::unique_ptr<AVPacket, FreePacket> packet_{av_packet_alloc()};
  std::unique_ptr<AVFrame, FreeFrame> frame_{av_frame_alloc()};
  std::vector<unsigned char> padded_;
};

}  // namespace

std::optional<std::vector<float>> decode_vorbis(const std::filesystem::path& path, int channels,
                                                std::int64_t frames) {
  if (channels < 1 || channels > kMaxChannels || frames < 1) return std::nullopt;
  OggPackets packets(path);
  const std::optional<std::vector<unsigned char>> headers = read_headers(packets);
  if (!headers) return std::nullopt;
  Decoder decoder;
  if (!decoder.start(*headers) || !decoder.gives(channels)) return std::nullopt;
  const auto frame_size = static_cast<std::size_t>(channels);
  std::vector<float> interleaved;
  while (const std::optional<OggPacket> packet = packets.next()) {
    if (!decoder.decode(packet->bytes, interleaved)) return std::nullopt;
    const auto decoded = static_cast<std::int64_t>(interleaved.size() / frame_size);
    // A stream that does not begin at 0, or is cut at its beginning, is counted otherwise.
    const bool is_counted =
        packet->position < 0 || (packet->is_last ? packet->position == frames && decoded >= frames
                                                 : packet->position == decoded && decoded <= frames);
    if (!is_counted) return std::nullopt;
  }
  if (!packets.whole()) return std::nullopt;
  interleaved.resize(static_cast<std::size_t>(frames) * frame_size);  // the last block reaches beyond the end
  return interleaved;
}

}  // namespace melsweep::audio
