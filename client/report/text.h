// Numbers and names as a report has them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/report/document.h"
#include "shared/model/sweep.h"

namespace melsweep::report {

// So many digits behind the point. What lies halfway is rounded away from zero, also where the sum that the
// value came out of has lost its last bits, so that a quantity reads the same wherever it stands.
std::string fixed(double value, int digits);

// "+1.3", "-1.3", "0.0"
std::string signed_fixed(double value, int digits);

// A fraction, a loss, a probability: "0.855".
std::string measured(double value);

// A difference of two fractions: "13.0 points".
std::string points(double difference);

// "8,732"
std::string counted(std::int64_t count);

// "1 trial", "3 trials": the plural is `noun` with an s.
std::string counted(std::int64_t count, std::string_view noun);

// "12.5 s", "3 min 05 s"
std::string seconds_text(double seconds);

// "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& words);

// A name out of a file or a database, made fit for a sentence or a table: at most so many characters, an
// ellipsis behind what was cut; characters that steer the direction of text become U+FFFD, and a name with
// any beyond ASCII is isolated from the text around it.
std::string name(std::string_view raw, std::size_t longest = 80);

// "validation/accuracy" -> "validation accuracy"
std::string metric_text(std::string_view metric);

// "learning_rate 0.05, batch_size 200"; "as given" where nothing is swept.
std::string parameters_text(const std::vector<Parameter>& parameters);

Block paragraph(std::string text);
Cell text_cell(std::string text);
Cell count_cell(std::int64_t count);
Cell measured_cell(double value);     // empty for NaN
Cell points_cell(double difference);  // of two fractions, in points: "+1.3"
Cell change_cell(double difference);  // of two measured numbers: "+0.013"
Cell seconds_cell(double seconds);    // "12.5"
Cell setting_cell(const ParameterValue& value);
Cell empty_cell();

}  // namespace melsweep::report
