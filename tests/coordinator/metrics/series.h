// Metric families as a test reads them: one number by its name and labels, as a scrape would show it.
#pragma once

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <sstream>
#include <string>

#include "shared/monitoring/families.h"

namespace melsweep::metrics {

// By "melsweep_trials{state=\"running\"}"; of a histogram its _count, _sum and _bucket.
inline std::map<std::string, double> series(const monitoring::Families& families) {
  std::map<std::string, double> values;
  std::istringstream lines(prometheus::TextSerializer().Serialize(families));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.rfind(' ');
    EXPECT_TRUE(values.emplace(line.substr(0, space), std::stod(line.substr(space + 1))).second) << line;
  }
  return values;
}

}  // namespace melsweep::metrics
