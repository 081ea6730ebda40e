#include "client/exports/event_records.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::exports {
namespace {

TEST(EventRecordsTest, ChecksumsAreThoseOfTheStandard) {
  // RFC 3720, B.4, and the check value of the catalogue of CRCs.
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(EventRecordsTest, ARecordIsLengthChecksumBytesChecksum) {
  std::string file;
  append_record(file, "abc");
  append_record(file, "");
  ASSERT_EQ(file.size(), (8 + 4 + 3 + 4) + (8 + 4 + 0 + 4));
  EXPECT_EQ(file.substr(0, 8), std::string("\x03\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(file.substr(12, 3), "abc");
  EXPECT_EQ(file.substr(19, 8), std::string(8, '\0'));
  // What TensorFlow writes of a record of no bytes: the masked checksums of its length and of nothing.
  EXPECT_EQ(file.substr(27, 8), std::string("\x29\x03\x98\x07\xd8\xea\x82\xa2", 8));
}

}  // namespace
}  // namespace melsweep::exports
