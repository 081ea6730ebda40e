// The text of a YAML document, for the places that yaml-cpp's marks do not give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/spec/tree.h"

namespace melsweep::spec {

// Offsets are in bytes from the text's beginning, and may lie beyond its end; lines end at '\n'. `text` must
// be UTF-8 and outlive this.
class SourceText {
 public:
  SourceText(std::string_view text, int source);

  // Columns count characters (code points), not bytes.
  Place place_at(std::size_t offset) const;

  // The tag among the properties (anchor, tag) of the node that begins here: "!!int"; empty without one.
  std::string_view tag_at(std::size_t offset) const;

  // The opening quote of the scalar that begins here, where nothing closes it.
  std::optional<std::size_t> unclosed_quote(std::size_t offset) const;

  // Whether a node that stands for null could begin here, rather than what follows a value left out.
  bool could_be_null(std::size_t offset) const;

  // Right behind the colon of the key that begins here; the key itself where no colon stands on its line
  // within the 1,024 characters that YAML allows.
  std::size_t behind_colon(std::size_t key) const;

  // The nearest dash of a block list before this offset, nothing but blanks and comments between them; the
  // offset itself where there is none.
  std::size_t dash_before(std::size_t offset) const;

  // The first tab of the blanks that this offset's line begins with.
  std::optional<std::size_t> tab_in_indentation(std::size_t offset) const;

 private:
  char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  std::size_t line_of(std::size_t offset) const;            // 0-based
  std::size_t behind_properties(std::size_t offset) const;  // where the node's own text begins
  std::size_t closing_quote(std::size_t opening) const;     // npos where there is none

  std::string_view text_;
  int source_;
  std::vector<std::size_t> lines_;         // the offset of each line's beginning
  std::vector<std::uint32_t> characters_;  // how many begin before each offset, the text's end among them
};

}  // namespace melsweep::spec
