#include "shared/log/fields.h"

namespace melsweep::log {
namespace {

Fields& of_process() {
  static Fields& fields = *new Fields;  // for good: threads may write to the last
  return fields;
}

Fields& of_thread() {
  thread_local Fields fields;
  return fields;
}

}  // namespace

void set_process_fields(Fields fields) {
  of_process() = std::move(fields);
}

FieldScope::FieldScope(const Fields& fields) : before_(of_thread().size()) {
  of_thread().insert(of_thread().end(), fields.begin(), fields.end());
}

FieldScope::~FieldScope() {
  of_thread().resize(before_);
}

Fields current_fields() {
  Fields fields = of_process();
  fields.insert(fields.end(), of_thread().begin(), of_thread().end());
  return fields;
}

}  // namespace melsweep::log
