// A trial's settings, one by one.
#pragma once

#include <map>
#include <string>

namespace melsweep::report {

// Every setting by its dotted path, as a sweep writes its value; a list is one value. `settings`: a JSON
// object.
std::map<std::string, std::string> flat_settings(const std::string& settings);

}  // namespace melsweep::report
