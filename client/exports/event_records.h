// TFRecord, the frame of TensorBoard's event files: length, its checksum, bytes, their checksum. Source:
// https://www.tensorflow.org/tutorials/load_data/tfrecord
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace melsweep::exports {

// CRC-32C (Castagnoli), as in RFC 3720: "123456789" gives 0xe3069283.
std::uint32_t crc32c(std::string_view bytes);

void append_record(std::string& file, std::string_view bytes);

}  // namespace melsweep::exports
