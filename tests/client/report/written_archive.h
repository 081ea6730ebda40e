// An archive of what a trial got wrong, as a trainer writes it (docs/render.md), for tests to read.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"
#include "shared/files/tar_archive.h"

namespace melsweep::report {

struct ArchivedClip {
  std::string clip;
  std::string sha256;
};

using Members = std::map<std::string, std::string>;

// With a picture, "picture", and a sound, "sound", of the clip. `change`: what becomes of the members after
// their hashes were taken.
inline void write_archive(
    const std::filesystem::path& path, const ArchivedClip& clip,
    const std::function<void(Members&)>& change = [](Members&) {}) {
  Members members;
  const std::string of_clip = absl::StrCat(R"("clip":")", clip.clip, R"(","sha256":")", clip.sha256, R"(")");
  members["rendered.json"] = absl::StrCat(
      R"({"version":1,"items":[{"id":"s-1","kind":"spectrogram","file":"s-1.png",)", of_clip,
      R"(,"duration_s":2.0,"frequency":{"scale":"mel","ticks":[]},"decibels":{"min":-80,"max":0}},)",
      R"({"id":"a-1","kind":"sound","file":"a-1.ogg","media_type":"audio/ogg",)", of_clip,
      R"(},{"id":"s-2","clip":"lost.wav","error":"it has changed"}]})");
  members["s-1.png"] = "picture";
  members["a-1.ogg"] = "sound";
  std::string sums;
  for (const auto& [name, content] : members) {
    absl::StrAppend(&sums, files::sha256(content), "  ", name, "\n");
  }
  members["SHA256SUMS"] = sums;
  change(members);
  std::filesystem::create_directories(path.parent_path());
  auto writer = files::TarWriter::create(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (const auto& [name, content] : members) ASSERT_TRUE(writer->add(name, content).ok());
  ASSERT_TRUE(writer->commit().ok());
}

}  // namespace melsweep::report
