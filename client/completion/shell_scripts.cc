#include "client/completion/shell_scripts.h"

namespace melsweep::completion {
namespace {

constexpr std::string_view kBash =
    R"script(# bash completion for melsweep: source it, or put it into /usr/share/bash-completion/completions/melsweep
_melsweep() {
  local candidate
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    if [ "$candidate" = ":files" ]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("$candidate")
    fi
  done < <("${COMP_WORDS[0]}" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _melsweep melsweep
)script";

constexpr std::string_view kZsh = R"script(#compdef melsweep
# zsh completion for melsweep: source it, or put it as _melsweep into a folder of $fpath
_melsweep() {
  local -a candidates
  local candidate description files=0
  while IFS=$'\t' read -r candidate description; do
    if [[ $candidate == ":files" ]]; then
      files=1
    else
      candidates+=("${candidate//:/\\:}:$description")
    fi
  done < <("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe melsweep candidates
  (( files )) && _files
}
if [[ $funcstack[1] == _melsweep ]]; then
  _melsweep "$@"
else
  compdef _melsweep melsweep
fi
)script";

constexpr std::string_view kFish =
    R"script(# fish completion for melsweep: source it, or put it into a folder of $fish_complete_path as melsweep.fish
function __melsweep_candidates
  set -l words (commandline -opc)
  set -l program $words[1]
  set -e words[1]
  for candidate in ($program completion words -- $words "$(commandline -ct)" 2>/dev/null)
    if test "$candidate" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $candidate
    end
  end
end
complete -c melsweep -f -a "(__melsweep_candidates)"
)script";

}  // namespace

std::string_view script_for(Shell shell) {
  switch (shell) {
    case Shell::kBash:
      return kBash;
    case Shell::kZsh:
      return kZsh;
    case Shell::kFish:
      return kFish;
  }
  return {};
}

}  // namespace melsweep::completion
