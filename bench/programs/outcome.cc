#include "bench/programs/outcome.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

namespace melsweep::bench {

void tell(Seconds elapsed, const Figures& figures) {
  std::cout << nlohmann::json{{"seconds", elapsed.count()}, {"figures", figures}}.dump() << std::endl;
}

void give_up(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::exit(1);
}

}  // namespace melsweep::bench
