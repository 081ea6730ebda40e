#include "shared/monitoring/families.h"

#include <cassert>
#include <iterator>

namespace melsweep::monitoring {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(FamilyName name, std::vector<Sample> samples, MetricType type) {
  MetricFamily family{std::move(name.name), std::move(name.help), type, {}};
  for (Sample& sample : samples) {
    assert(sample.labels.size() == name.labels.size());
    ClientMetric metric;
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
      metric.label.push_back({name.labels[i], std::move(sample.labels[i])});
    }
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = sample.value;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

}  // namespace

MetricFamily gauge(FamilyName name, std::vector<Sample> samples) {
  return family(std::move(name), std::move(samples), MetricType::Gauge);
}

MetricFamily counter(FamilyName name, std::vector<Sample> samples) {
  return family(std::move(name), std::move(samples), MetricType::Counter);
}

MetricFamily gauge(std::string name, std::string help, double value) {
  return gauge({std::move(name), std::move(help)}, {{.value = value}});
}

MetricFamily counter(std::string name, std::string help, double value) {
  return counter({std::move(name), std::move(help)}, {{.value = value}});
}

void append(Families part, Families& whole) {
  whole.insert(whole.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

}  // namespace melsweep::monitoring
