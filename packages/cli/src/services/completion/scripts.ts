/** The shells that heddle completes in. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The hidden command that the scripts ask: `heddle __complete -- WORD…`, the last word being the one to complete. */
export const COMPLETE_COMMAND = '__complete';

/**
 * The script that makes a shell ask heddle itself at each Tab, so that it knows the commands, plugins and contexts that there are then. The
 * answer's first line is what is due, the others are values, each with a description behind a tab. Without a terminal to read from: what
 * signs in to a cluster must not ask somebody who pressed Tab.
 */
export function completionScript(shell: Shell, bin: string): string {
  return { bash, zsh, fish }[shell](bin).replaceAll('@COMPLETE@', COMPLETE_COMMAND);
}

/**
 * bash splits words at `=` and `:`, so they are put together again, and of what replaces the last word the part before its last `=` or `:`
 * is left out. Works with bash 3.2 too, which macOS brings: without `mapfile` and, there, `compopt`.
 */
const bash = (bin: string) => `# bash completion for ${bin}
_${bin}() {
  local words=() word line kind='' cut reply joined=''
  local i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ \${#words[@]} -gt 0 && ( -n $joined || $word == [:=]* ) ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    joined=''
    [[ $word == [:=] ]] && joined=1
  done
  word=\${words[\${#words[@]}-1]}
  cut=''
  [[ $word == *[:=]* ]] && cut=\${word%"\${word##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=$line
    else
      line=\${line%%$'\\t'*}
      printf -v reply '%q' "\${line#"$cut"}"
      COMPREPLY+=("$reply")
    fi
  done < <("$1" @COMPLETE@ -- "\${words[@]}" 2>/dev/null </dev/null)
  [[ \${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null
  case $kind in
    files) _${bin}_names -f "\${word#"$cut"}" ;;
    folders) _${bin}_names -d "\${word#"$cut"}" ;;
    command)
      if [[ \${words[\${#words[@]}-2]} == -- ]]; then kind=-c; else kind=-f; fi
      _${bin}_names $kind "\${word#"$cut"}"
      ;;
  esac
}
_${bin}_names() {
  local line
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(compgen "$1" -- "$2")
  [[ $1 == -c ]] || compopt -o filenames 2>/dev/null
}
complete -F _${bin} ${bin}
`;

const zsh = (bin: string) => `#compdef ${bin}
# zsh completion for ${bin}
_${bin}() {
  local -a lines candidates
  local kind line value description at
  lines=("\${(@f)$("\${words[1]}" @COMPLETE@ -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null </dev/null)}")
  kind=$lines[1]
  shift lines
  case $kind in
    files | folders)
      [[ $PREFIX == --*=* ]] && compset -P '*='
      if [[ $kind == folders ]]; then _files -/; else _files; fi
      ;;
    command)
      at=\${words[(i)--]}
      shift $at words
      (( CURRENT -= at ))
      _normal
      ;;
    *)
      for line in $lines; do
        value=\${line%%$'\\t'*}
        description=\${line#*$'\\t'}
        [[ $description == "$line" ]] && description=''
        candidates+=("\${value//:/\\\\:}\${description:+:$description}")
      done
      if [[ $lines[1] == *= ]]; then
        _describe -V '${bin}' candidates -S ''
      else
        _describe -V '${bin}' candidates
      fi
      ;;
  esac
}
if [[ \${funcstack[1]} == _${bin} ]]; then
  _${bin} "$@"
else
  compdef _${bin} ${bin}
fi
`;

const fish = (bin: string) => `# fish completion for ${bin}
function __${bin}_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] @COMPLETE@ -- $words[2..-1] "$current" 2>/dev/null </dev/null)
    set -l start (string match --regex -- '^--[^=]+=' "$current")
    set -l value (string replace -- "$start" '' "$current")
    switch "$lines[1]"
        case files
            string replace --regex -- '^' "$start" (__fish_complete_path "$value")
        case folders
            string replace --regex -- '^' "$start" (__fish_complete_directories "$value")
        case command
            set -l own (contains --index -- -- $words)
            complete --do-complete (string join -- ' ' $words[(math $own + 1)..-1] "$current")
        case '*'
            set --query lines[2]; and printf '%s\\n' $lines[2..-1]
    end
end
complete --command ${bin} --no-files --arguments '(__${bin}_complete)'
`;
