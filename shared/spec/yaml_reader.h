// YAML text -> Node, within limits that hold before anything is built.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

inline constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxNodes = 100'000;  // aliases counted as what they stand for
inline constexpr std::size_t kMaxDepth = 32;
inline constexpr std::size_t kMaxAliases = 1'000;

// Reads one document. What is wrong goes to `problems` with `source` in its places: bytes that are no UTF-8,
// control characters, broken syntax, a limit, a key given twice, a second document, tags. Nothing is returned
// where the text has no usable tree; else the tree, in which of keys given twice the first counts, and
// scalars that cannot be a value are kUnreadable. An empty value stands behind its key's colon, or at its
// list's dash.
std::optional<Node> read_yaml(std::string_view text, int source, ProblemList& problems);

// The whole text as one scalar, within the same limits.
std::optional<Node> read_text(std::string_view text, int source, ProblemList& problems);

}  // namespace melsweep::spec
