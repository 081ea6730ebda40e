#include "client/report/chart_engine.h"

#include <duktape.h>

#include "absl/strings/str_cat.h"
#include "client/report/embedded.h"

namespace melsweep::report {
namespace {

// What the engine cannot go on from, such as a lack of memory.
void die(void*, const char* message) {
  throw std::runtime_error(absl::StrCat("drawing charts: ", message));
}

}  // namespace

struct ChartEngine::Heap {
  Heap() : context(duk_create_heap(nullptr, nullptr, nullptr, nullptr, die)) {}
  ~Heap() { duk_destroy_heap(context); }
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  absl::Status error(const char* doing) const {
    absl::Status status = absl::InternalError(absl::StrCat(doing, ": ", duk_safe_to_string(context, -1)));
    duk_pop(context);
    return status;
  }

  absl::Status run(std::string_view script) const {
    if (duk_peval_lstring_noresult(context, script.data(), script.size()) == 0) return absl::OkStatus();
    duk_push_string(context, "the charts' script does not run");
    return error("drawing charts");
  }

  duk_context* context;
};

std::string_view chart_script() {
  return embedded::chart_script();
}

ChartEngine::ChartEngine() = default;
ChartEngine::~ChartEngine() = default;

absl::StatusOr<std::string> ChartEngine::draw(const std::string& data, int width, int height) {
  if (heap_ == nullptr) {
    auto heap = std::make_unique<Heap>();
    for (const std::string_view script : {embedded::engine_script(), embedded::chart_script()}) {
      if (absl::Status status = heap->run(script); !status.ok()) return status;
    }
    heap_ = std::move(heap);
  }
  duk_context* const context = heap_->context;
  duk_get_global_string(context, "melsweepCharts");
  duk_push_string(context, "drawJson");
  duk_push_lstring(context, data.data(), data.size());
  duk_push_int(context, width);
  duk_push_int(context, height);
  const int failed = duk_pcall_prop(context, -5, 3);
  if (failed != 0) {
    absl::Status status = heap_->error("drawing a chart");
    duk_pop(context);
    return status;
  }
  duk_size_t length = 0;
  const char* const text = duk_safe_to_lstring(context, -1, &length);
  std::string svg(text, length);
  duk_pop_2(context);
  return svg;
}

}  // namespace melsweep::report
