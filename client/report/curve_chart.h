// Learning curves as a chart.
#pragma once

#include <string>
#include <vector>

#include "client/report/chart_data.h"
#include "client/report/document.h"

namespace melsweep::report {

struct Curves {
  std::string measure;  // "accuracy" or "loss"
  std::string key;      // of the table
  std::string of;       // whose they are: "sweep 3 'mel'"
  std::string description;
  std::vector<Line> lines;  // one at least
  std::vector<Mark> marks{};
  std::string by{};  // what the values are of that the lines are called by: "optimizer and schedule"
};

// Its table has a column for each line and a row for each step.
Chart curve_chart(Curves curves);

}  // namespace melsweep::report
