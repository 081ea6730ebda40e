// Metric families that are made when somebody looks, of what is known then.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <utility>
#include <vector>

namespace melsweep::monitoring {

using Families = std::vector<prometheus::MetricFamily>;

// One series: the values of its labels, in the order of the family's names, and its own.
struct Sample {
  std::vector<std::string> labels{};
  double value = 0.0;
};

struct FamilyName {
  std::string name;  // base units, in the name: melsweep_queue_depth, melsweep_commit_duration_seconds
  std::string help;
  std::vector<std::string> labels{};  // names; a sample has a value for each
};

prometheus::MetricFamily gauge(FamilyName name, std::vector<Sample> samples);
prometheus::MetricFamily counter(FamilyName name, std::vector<Sample> samples);

// Of one series without labels.
prometheus::MetricFamily gauge(std::string name, std::string help, double value);
prometheus::MetricFamily counter(std::string name, std::string help, double value);

void append(Families part, Families& whole);

}  // namespace melsweep::monitoring
