#include "worker/trainer/rendering/palette_png.h"

#include <png.h>

#include <cmath>
#include <csetjmp>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"

namespace melsweep::rendering {
namespace {

constexpr int kBitsPerPixel = 8;
constexpr int kSmallest = 9;  // zlib's level

// What libpng's callbacks can reach.
struct Output {
  std::string bytes;  // never grown beyond its capacity: nothing may be thrown through libpng
  std::string error;
};

void append(png_structp png, png_bytep data, png_size_t length) {
  std::string& bytes = static_cast<Output*>(png_get_io_ptr(png))->bytes;
  if (length > bytes.capacity() - bytes.size()) png_error(png, "the file is larger than its picture");
  bytes.append(reinterpret_cast<const char*>(data), length);
}

void flush(png_structp /*png*/) {}

// libpng goes back to where setjmp() was called; it must not return from here.
[[noreturn]] void fail(png_structp png, png_const_charp message) {
  static_cast<Output*>(png_get_error_ptr(png))->error = message;
  png_longjmp(png, 1);
}

void warn(png_structp /*png*/, png_const_charp /*message*/) {}

// Owns libpng's two structures.
class Writer {
 public:
  explicit Writer(Output& output)
      : png_(png_create_write_struct(PNG_LIBPNG_VER_STRING, &output, fail, warn)) {
    if (png_ == nullptr) return;
    info_ = png_create_info_struct(png_);
    png_set_write_fn(png_, &output, append, flush);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png_, &info_); }

  bool is_ready() const { return info_ != nullptr; }

  // Whether all went well. Nothing that is destroyed may be made in here: an error jumps out of it.
  bool write(const PalettePicture& picture, const std::vector<png_color>& colors) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(picture.size.width),
                 static_cast<png_uint_32>(picture.size.height), kBitsPerPixel, PNG_COLOR_TYPE_PALETTE,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(png_, info_, colors.data(), static_cast<int>(colors.size()));
    png_set_filter(png_, PNG_FILTER_TYPE_BASE, PNG_ALL_FILTERS);
    png_set_compression_level(png_, kSmallest);
    png_write_info(png_, info_);
    const std::uint8_t* row = picture.pixels.data();
    for (int y = 0; y < picture.size.height; ++y, row += picture.size.width) png_write_row(png_, row);
    png_write_end(png_, info_);
    return true;
  }

 private:
  png_structp png_;
  png_infop info_ = nullptr;
};

png_byte channel(float brightness) {
  return static_cast<png_byte>(std::lround(brightness * 255.0F));
}

}  // namespace

absl::StatusOr<std::string> encode_png(const PalettePicture& picture, std::span<const audio::Color> palette) {
  std::vector<png_color> colors;
  for (const audio::Color& color : palette) {
    colors.push_back({.red = channel(color[0]), .green = channel(color[1]), .blue = channel(color[2])});
  }
  Output output;
  // Far more than a picture that does not compress takes.
  output.bytes.reserve(2 * picture.pixels.size() + 8192);
  Writer writer(output);
  if (writer.is_ready() && writer.write(picture, colors)) return std::move(output.bytes);
  return absl::InternalError(
      absl::StrCat("cannot write a PNG: ", output.error.empty() ? "no memory" : output.error));
}

}  // namespace melsweep::rendering
