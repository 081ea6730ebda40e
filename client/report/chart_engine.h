// Charts drawn by ECharts inside this program.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::report {

// The library and its charts, as a script for browsers too.
std::string_view chart_script();

// An engine of its own that has run the script: not made before the first chart is asked for, which takes a
// tenth of a second. Not thread-safe.
class ChartEngine {
 public:
  ChartEngine();
  ~ChartEngine();
  ChartEngine(const ChartEngine&) = delete;
  ChartEngine& operator=(const ChartEngine&) = delete;

  // `data`: JSON as charts/charts.js takes it. An SVG element of this size in CSS pixels, its texts escaped.
  // Internal with what the script says where it fails.
  absl::StatusOr<std::string> draw(const std::string& data, int width, int height);

 private:
  struct Heap;
  std::unique_ptr<Heap> heap_;
};

}  // namespace melsweep::report
