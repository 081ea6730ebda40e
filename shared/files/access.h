// Who may read a new file.
#pragma once

namespace melsweep::files {

enum class Access {
  kEveryone,  // may read; the umask may take that back
  kOwner,     // alone may read: keys, tokens
};

}  // namespace melsweep::files
