// What an entry is about, beside its words: with --log-format json, fields to search a log by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace melsweep::log {

struct Field {
  std::string name;  // "sweep", "trial", "attempt", "worker": the same in every program
  std::variant<std::int64_t, std::string> value;
  friend bool operator==(const Field&, const Field&) = default;
};
using Fields = std::vector<Field>;

// Of every entry of this process. Called before other threads write any.
void set_process_fields(Fields fields);

// Of the entries that this thread writes while it lives, beside those of the scopes around it.
class FieldScope {
 public:
  explicit FieldScope(const Fields& fields);
  ~FieldScope();
  FieldScope(const FieldScope&) = delete;
  FieldScope& operator=(const FieldScope&) = delete;

 private:
  std::size_t before_;  // how many there were
};

// Those of an entry that this thread would write now.
Fields current_fields();

}  // namespace melsweep::log
