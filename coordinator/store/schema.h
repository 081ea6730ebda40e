// The SQL of the schema, one text for each migration. docs/results-db.md explains the tables and views to
// people.
#pragma once

#include <string_view>

namespace melsweep::store {

extern const std::string_view kTablesV1;
extern const std::string_view kViewsV1;
extern const std::string_view kTablesV2;
extern const std::string_view kTablesV3;
extern const std::string_view kTablesV4;
extern const std::string_view kViewsV4;
extern const std::string_view kTablesV5;
extern const std::string_view kTablesV6;

}  // namespace melsweep::store
