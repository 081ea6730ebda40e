#include "worker/trainer/vorbis/transform.h"

extern "C" {
#include <libavcodec/avfft.h>
#include <libavutil/mem.h>
}

#include <bit>
#include <new>

namespace melsweep::vorbis {

void FreeFloats::operator()(float* floats) const {
  av_free(floats);
}

Floats make_floats(std::size_t count) {
  auto* const floats = static_cast<float*>(av_calloc(count, sizeof(float)));
  if (floats == nullptr) throw std::bad_alloc();
  return Floats(floats);
}

Transform::Transform(std::size_t block) {
  constexpr int kInverse = 1;
  constexpr double kScale = -1.0;  // as libavcodec's own decoder of Vorbis has it
  context_.reset(av_mdct_init(std::countr_zero(block), kInverse, kScale));
  if (context_ == nullptr) throw std::bad_alloc();
}

void Transform::run(const Floats& spectrum, const Floats& half) const {
  av_imdct_half(context_.get(), half.get(), spectrum.get());
}

void Transform::End::operator()(FFTContext* context) const {
  av_mdct_end(context);
}

}  // namespace melsweep::vorbis
