#include "worker/trainer/vorbis/file.h"

#include <algorithm>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "worker/trainer/vorbis/decoder.h"
#include "worker/trainer/vorbis/ogg_packets.h"
#include "worker/trainer/vorbis/setup.h"

namespace melsweep::vorbis {
namespace {

using Bytes = std::vector<unsigned char>;

// The headers that decoding depends on. The third one, of comments, is only looked at.
struct Headers {
  Bytes identification;
  Bytes setup;
  friend bool operator==(const Headers&, const Headers&) = default;
};

// None where they do not end the pages that they should, or the comments are none.
std::optional<Headers> read_headers(OggPackets& packets) {
  Headers headers;
  std::optional<OggPacket> packet = packets.next();
  if (!packet || !packet->is_first || packet->position != 0) return std::nullopt;
  headers.identification.assign(packet->bytes.begin(), packet->bytes.end());
  packet = packets.next();
  if (!packet || !is_comment_header(packet->bytes)) return std::nullopt;
  packet = packets.next();
  if (!packet || packet->position != 0 || packet->is_last) return std::nullopt;
  headers.setup.assign(packet->bytes.begin(), packet->bytes.end());
  return headers;
}

std::unique_ptr<Decoder> make_decoder(const Headers& headers) {
  const std::optional<Identification> stream = read_identification(headers.identification);
  if (!stream) return nullptr;
  std::optional<Setup> setup = read_setup(headers.setup, *stream);
  if (!setup) return nullptr;
  return std::make_unique<Decoder>(*stream, *std::move(setup));
}

// The decoders of a thread, the last used first. To read a set-up header and to fill the tables of its code
// books takes as long as to decode a second of sound.
class KnownDecoders {
 public:
  Decoder* find(const Headers& headers) {
    const auto found = std::ranges::find(known_, headers, &Known::headers);
    if (found == known_.end()) return nullptr;
    known_.splice(known_.begin(), known_, found);
    return known_.front().decoder.get();
  }

  void remember(Headers headers, std::unique_ptr<Decoder> decoder) {
    known_.push_front({.headers = std::move(headers), .decoder = std::move(decoder)});
    if (known_.size() > kMost) known_.pop_back();
  }

 private:
  static constexpr std::size_t kMost = 4;

  struct Known {
    Headers headers;
    std::unique_ptr<Decoder> decoder;
  };
  std::list<Known> known_;
};

thread_local KnownDecoders known_decoders;

// Whether the packets are those of a whole stream, decoded and taken.
bool decode_packets(OggPackets& packets, Decoder& decoder, std::int64_t frames, const Receiver& receiver) {
  const auto frame_size = static_cast<std::size_t>(decoder.stream().channels);
  std::int64_t decoded = 0;
  decoder.begin();
  while (const std::optional<OggPacket> packet = packets.next()) {
    const std::optional<std::span<const float>> samples = decoder.decode(packet->bytes);
    if (!samples) return false;
    const std::int64_t missing = std::max<std::int64_t>(frames - decoded, 0);
    const std::size_t wanted =
        static_cast<std::size_t>(missing) * frame_size;  // the last block reaches beyond
    if (!receiver.take(samples->first(std::min(samples->size(), wanted)))) return false;
    decoded += static_cast<std::int64_t>(samples->size() / frame_size);
    // A stream that does not begin at 0, or is cut at its beginning, is counted otherwise.
    const bool is_counted =
        packet->position < 0 || (packet->is_last ? packet->position == frames && decoded >= frames
                                                 : packet->position == decoded && decoded <= frames);
    if (!is_counted) return false;
  }
  return packets.whole();
}

std::optional<StreamInfo> decode_stream(const std::filesystem::path& path,
                                        const std::optional<StreamInfo>& found, const Receiver& receiver) {
  OggPackets packets(path);
  std::optional<Headers> headers = read_headers(packets);
  if (!headers) return std::nullopt;
  Decoder* decoder = known_decoders.find(*headers);
  std::unique_ptr<Decoder> made;
  if (decoder == nullptr && found) {
    made = make_decoder(*headers);
    decoder = made.get();
  }
  if (decoder == nullptr) return std::nullopt;
  const StreamInfo info{.sample_rate = decoder->stream().sample_rate,
                        .channels = decoder->stream().channels,
                        .frames = packets.last_position()};
  if (info.frames < 1 || (found && *found != info) || !receiver.begin(info)) return std::nullopt;
  if (!decode_packets(packets, *decoder, info.frames, receiver)) return std::nullopt;
  if (made != nullptr) known_decoders.remember(*std::move(headers), std::move(made));
  return info;
}

}  // namespace

std::optional<StreamInfo> decode(const std::filesystem::path& path, const StreamInfo& found,
                                 const Receiver& receiver) {
  return decode_stream(path, found, receiver);
}

std::optional<StreamInfo> decode_known(const std::filesystem::path& path, const Receiver& receiver) {
  return decode_stream(path, std::nullopt, receiver);
}

}  // namespace melsweep::vorbis
