// Charts as data: the JSON that charts/charts.js makes pictures of.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace melsweep::report {

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;  // in order of x; what is no number is a gap
  int style = 0;                                  // lines of one style have one colour
  bool is_dashed = false;
};

// A place on the x axis.
struct Mark {
  double x = 0.0;
  std::string label;
};

struct LineChart {
  std::string x_title;
  std::string y_title;
  std::vector<Line> lines;
  std::vector<Mark> marks;
};

struct BarSeries {
  std::string name;
  std::vector<double> values;  // one for each category
};

struct BarChart {
  std::string x_title;
  std::vector<std::string> categories;
  std::vector<BarSeries> series;
  bool is_stacked = true;  // on each other; else beside each other
};

struct HeatCell {
  int x = 0;  // the category's place
  int y = 0;
  double value = 0.0;
  std::string text;
};

struct HeatMap {
  std::string x_title;
  std::vector<std::string> x_categories;
  std::string y_title;
  std::vector<std::string> y_categories;
  bool from_top = false;  // the first of y's categories is on top
  std::vector<HeatCell> cells;
};

struct ParallelAxis {
  std::string title;
  std::vector<std::string> categories;  // empty: numbers
};

struct ParallelChart {
  std::vector<ParallelAxis> axes;  // the last one has numbers, which give the colour
  std::vector<std::vector<std::variant<double, std::string>>> rows;  // a value for each axis
};

std::string to_data(const LineChart& chart);
std::string to_data(const BarChart& chart);
std::string to_data(const HeatMap& chart);
std::string to_data(const ParallelChart& chart);

}  // namespace melsweep::report
