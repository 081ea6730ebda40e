// A request's items into a folder: docs/render.md.
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "absl/status/status.h"
#include "worker/trainer/rendering/render_request.h"

namespace melsweep::rendering {

// The list of what was made; written last, so that a folder that has it is whole.
inline constexpr char kRenderedFile[] = "rendered.json";

// What an item's file is called; empty for kinds without one.
std::string file_name(const RenderItem& item);

struct RenderOptions {
  std::filesystem::path out;      // made where it is missing; a list that was in it goes first
  std::filesystem::path cache{};  // empty: none
  unsigned threads = 0;           // 0: as many as the machine has
  // All may be empty, and are called by one thread at a time, the last by any. `failed`: an item cannot be
  // made, or the cache cannot be written.
  std::function<void(std::size_t done, std::size_t total)> progress{};
  std::function<void(const absl::Status& why)> failed{};
  std::function<bool()> is_interrupted{};
};

// An item that cannot be made is told and recorded in the list, and the others are made all the same.
// Cancelled where it was interrupted: the files that are there then are whole, and there is no list. Other
// errors: the folder cannot be written.
absl::Status render(std::span<const RenderItem> items, const RenderOptions& options);

}  // namespace melsweep::rendering
