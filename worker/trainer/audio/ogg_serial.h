// The serial number of an Ogg stream.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace melsweep::audio {

// libsndfile draws a number at random for each file that it writes, so that the same sound never gives the
// same bytes twice. Writes `serial` into every page of the one stream that `file` holds, and the pages'
// checksums with it. InvalidArgument where that is no whole Ogg file. Layout: RFC 3533, section 6.
absl::Status set_ogg_serial(std::string& file, std::uint32_t serial);

}  // namespace melsweep::audio
