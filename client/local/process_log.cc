#include "client/local/process_log.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace melsweep::local {
namespace {

constexpr std::uintmax_t kTailBytes = 2000;

std::uintmax_t size_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace

ProcessLog::ProcessLog(std::filesystem::path path) : path_(std::move(path)), start_(size_of(path_)) {}

std::string ProcessLog::tail() const {
  const std::uintmax_t size = size_of(path_);
  const std::uintmax_t from = std::max(start_, size > kTailBytes ? size - kTailBytes : 0);
  std::ifstream file(path_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from));
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (from > start_) text.erase(0, text.find('\n') + 1);  // not half a line
  return text;
}

}  // namespace melsweep::local
