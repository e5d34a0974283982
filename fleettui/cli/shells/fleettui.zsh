#compdef fleettui ft
# Completes what is typed after fleettui and ft, in zsh. Written by `fleettui completion zsh`.
# Names of the workspace are only ever data here: nothing is expanded or evaluated, and zsh quotes what it puts into the line.

# C|a command|what it does; O|its command|an option|the kind of its value, empty without one|what it is; A|its command|the kind of
# the word at that place, * where several may stand. The command * is all of them. A kind that begins with = lists its words.
__fleettui_table='@TABLE@'

# The kind of the value of option $2 of the command $1, into kind; false where there is no such option, or it takes no value.
__fleettui_option() {
  local row
  for row in $rows; do
    if [[ $row == "O|$1|$2|"* || $row == "O|*|$2|"* ]]; then
      kind=${${row#O|*|*|}%%|*}
      [[ -n $kind ]]
      return
    fi
  done
  return 1
}

# Candidates with what they are: of the same place in values and in about. What is chosen stands after $1.
__fleettui_offer() {
  local -a shown
  local index
  for ((index = 1; index <= $#values; index++)); do
    shown+=("${values[index]}${about[index]:+  -- ${about[index]}}")
  done
  (( $#values )) || return 1
  if [[ ${values[1]} == *= ]]; then
    compadd -U -Q -S '' -l -p "$1" -d shown -a values
  else
    compadd -U -l -P "$1" -d shown -a values
  fi
}

__fleettui_values() {
  local typed=$1 row
  local -a values about lines
  case $kind in
  '' | text) return 1 ;;
  file) _files ; return ;;
  folder) _files -/ ; return ;;
  '='*) for row in ${(s:,:)kind#=}; do [[ $row == ${(b)typed}* ]] && values+=("$row") about+=(''); done ;;
  *)
    lines=("${(@f)$(command fleettui complete $home -- $kind "$typed" 2>/dev/null </dev/null)}")
    for row in "${(@)lines:#}"; do values+=("${row%%$'\t'*}") about+=("${row#*$'\t'}"); done
    ;;
  esac
  __fleettui_offer "$2"
}

_fleettui() {
  local table=$'\n'$__fleettui_table command='' kind='' waiting='' only_words='' row word rest
  local -a rows home values about given
  local -i count=0 place=0 index
  rows=("${(@f)__fleettui_table}")
  given=("${(@Q)words[2,CURRENT-1]}")
  for word in "${(@)given}"; do
    if [[ -n $waiting ]]; then
      [[ $waiting == --home ]] && home=(--home "$word")
      waiting=''
    elif [[ -n $only_words ]]; then
      count+=1
    elif [[ $word == -- ]]; then
      only_words=1
    elif [[ $word == --home=* ]]; then
      home=(--home "${word#--home=}")
    elif [[ $word == -* ]]; then
      if [[ $word != *=* ]] && __fleettui_option "$command" "$word"; then waiting=$word; fi
    elif (( count == 0 )) && [[ $table == *$'\n'"C|${command:+$command }$word|"* ]]; then
      command=${command:+$command }$word
    else
      count+=1
    fi
  done
  place=$count
  word=${(Q)PREFIX}
  [[ $word == [\'\"]* ]] && word=${word#?}
  if [[ -n $waiting ]]; then
    __fleettui_option "$command" "$waiting"
    __fleettui_values "$word" ''
    return
  fi
  kind=''
  for row in $rows; do
    if [[ $row == "A|$command|"* ]]; then
      rest=${row#A|*|}
      kind=${rest%\*}
      (( count == 0 )) || [[ $rest == *\* ]] && break
      count=count-1 kind=''
    fi
  done
  if [[ $word == --*=* ]]; then
    __fleettui_option "$command" "${word%%=*}" && __fleettui_values "${word#*=}" "${word%%=*}="
    return
  elif [[ $word == -* ]]; then
    for row in $rows; do
      if [[ $row == "O|$command|$word"* || $row == "O|*|$word"* ]]; then
        rest=${row#O|*|}
        values+=("${rest%%|*}") about+=("${row#O|*|*|*|}")
      fi
    done
    __fleettui_offer ''
    return
  fi
  if (( place == 0 )); then
    for row in $rows; do
      rest=${row#"C|${command:+$command }"}
      if [[ $row == "C|${command:+$command }$word"* && ${rest%%|*} != *' '* ]]; then
        values+=("${rest%%|*}") about+=("${rest#*|}")
      fi
    done
    __fleettui_offer ''
  fi
  [[ -n $command || $word == [Tt\#0-9]* ]] && __fleettui_values "$word" ''
}

# Read as a file of $fpath it is called for the first Tab; read with `source` it says so to zsh.
if [[ ${funcstack[1]} == _fleettui ]]; then
  _fleettui "$@"
elif (( $+functions[compdef] )); then
  compdef _fleettui fleettui ft
fi
