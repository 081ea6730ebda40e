// Files that are part of this program.
#pragma once

#include <string_view>

namespace melsweep::report::embedded {

std::string_view chart_script();   // ECharts and charts/charts.js, bundled
std::string_view engine_script();  // charts/engine.js
std::string_view page_script();    // page/page.js
std::string_view page_style();     // page/style.css

}  // namespace melsweep::report::embedded
