#include "client/report/figures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace melsweep::report {
namespace {

// In the units of the view box.
constexpr double kWidth = 420.0;
constexpr double kLeft = 44.0;
constexpr double kPlotWidth = 300.0;
constexpr double kTop = 8.0;
constexpr double kPlotHeight = 130.0;
constexpr double kBottom = kTop + kPlotHeight;
constexpr double kBarLeft = kLeft + kPlotWidth + 12.0;
constexpr double kBarWidth = 10.0;

// Magma (N. Smith and S. van der Walt), ten equal parts.
constexpr std::array<const char*, 11> kMagma = {"#000004", "#140e36", "#3b0f70", "#641a80",
                                                "#8c2981", "#b73779", "#de4968", "#f7705c",
                                                "#fe9f6d", "#fecf92", "#fcfdbf"};

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return absl::StrFormat(
      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"11\" font-family=\"system-ui, sans-serif\" "
      "fill=\"currentColor\">%s</text>",
      x, y, anchor, text);
}

std::string line(double x1, double y1, double x2, double y2) {
  return absl::StrFormat("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#8a8a8a\" fill=\"none\"/>", x1, y1, x2,
                         y2);
}

std::string begin(double height) {
  return absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">",
      kWidth, height, kWidth, height);
}

// 1, 2 or 5 times a power of ten, at most six of them.
double tick_step(double range) {
  if (!(range > 0.0)) return 1.0;
  double step = std::pow(10.0, std::floor(std::log10(range / 6.0)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (range / (step * factor) <= 6.0) return step * factor;
  }
  return step * 10.0;
}

std::string time_axis(double duration_s) {
  std::string svg;
  const double step = tick_step(duration_s);
  for (double t = 0.0; t <= duration_s * 1.0001; t += step) {
    const double x = kLeft + kPlotWidth * (duration_s > 0.0 ? t / duration_s : 0.0);
    absl::StrAppend(&svg, line(x, kBottom, x, kBottom + 4.0),
                    text_at(x, kBottom + 16.0, "middle", absl::StrFormat("%g", t)));
  }
  return svg + text_at(kLeft + kPlotWidth / 2.0, kBottom + 31.0, "middle", "time (s)");
}

std::string hertz_text(double hz) {
  return hz >= 1000.0 ? absl::StrFormat("%gk", std::round(hz / 100.0) / 10.0)
                      : absl::StrFormat("%g", std::round(hz));
}

std::string frequency_axis(const Rendering& rendering) {
  std::string svg;
  for (const auto& [hz, position] : rendering.ticks) {
    const double y = kBottom - kPlotHeight * position;
    absl::StrAppend(&svg, line(kLeft - 4.0, y, kLeft, y),
                    text_at(kLeft - 6.0, y + 4.0, "end", hertz_text(hz)));
  }
  return svg +
         absl::StrFormat(
             "<text transform=\"translate(10 %.1f) rotate(-90)\" text-anchor=\"middle\" font-size=\"11\" "
             "font-family=\"system-ui, sans-serif\" fill=\"currentColor\">Hz, %s</text>",
             kTop + kPlotHeight / 2.0, rendering.scale == "mel" ? "mel scale" : "log scale");
}

std::string color_bar(const Rendering& rendering, const std::string& id) {
  std::string svg =
      absl::StrCat("<defs><linearGradient id=\"", id, "\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">");
  for (std::size_t i = 0; i < kMagma.size(); ++i) {
    absl::StrAppend(&svg, "<stop offset=\"", i * 10, "%\" stop-color=\"", kMagma[i], "\"/>");
  }
  absl::StrAppend(
      &svg, "</linearGradient></defs>",
      absl::StrFormat("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"url(#%s)\"/>",
                      kBarLeft, kTop, kBarWidth, kPlotHeight, id));
  const double x = kBarLeft + kBarWidth + 4.0;
  return absl::StrCat(svg, text_at(x, kTop + 9.0, "start", absl::StrFormat("%g dB", rendering.max_db)),
                      text_at(x, kBottom, "start", absl::StrFormat("%g dB", rendering.min_db)));
}

}  // namespace

std::string spectrogram_svg(const Rendering& rendering, const std::string& id) {
  return absl::StrCat(begin(kBottom + 38.0),
                      absl::StrFormat("<image x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                                      "preserveAspectRatio=\"none\" href=\"data:image/png;base64,",
                                      kLeft, kTop, kPlotWidth, kPlotHeight),
                      absl::Base64Escape(rendering.bytes), "\"/>", time_axis(rendering.duration_s),
                      frequency_axis(rendering), color_bar(rendering, id), "</svg>");
}

std::string waveform_svg(const Rendering& rendering) {
  constexpr double kMiddle = kTop + kPlotHeight / 2.0;
  const auto y_of = [](double sample) { return kMiddle - std::clamp(sample, -1.0, 1.0) * kPlotHeight / 2.0; };
  std::string path;
  const auto columns = static_cast<double>(std::max<std::size_t>(1, rendering.peaks.size()));
  for (std::size_t i = 0; i < rendering.peaks.size(); ++i) {
    const double x = kLeft + kPlotWidth * (static_cast<double>(i) + 0.5) / columns;
    absl::StrAppend(&path, absl::StrFormat("M%.1f %.1fV%.1f", x, y_of(rendering.peaks[i].second),
                                           std::max(y_of(rendering.peaks[i].first),
                                                    y_of(rendering.peaks[i].second) + 0.4)));
  }
  std::string svg = begin(kBottom + 38.0);
  for (const double sample : {-1.0, 0.0, 1.0}) {
    absl::StrAppend(&svg, line(kLeft, y_of(sample), kLeft + kPlotWidth, y_of(sample)),
                    text_at(kLeft - 6.0, y_of(sample) + 4.0, "end", absl::StrFormat("%g", sample)));
  }
  return absl::StrCat(svg, "<path d=\"", path, "\" stroke=\"#0072b2\" fill=\"none\" stroke-width=\"1\"/>",
                      time_axis(rendering.duration_s), "</svg>");
}

}  // namespace melsweep::report
