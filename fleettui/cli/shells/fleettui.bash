# Completes what is typed after fleettui and ft, in bash 4.4 and newer. Written by `fleettui completion bash`.
# Names of the workspace are only ever data here: nothing is expanded or evaluated, and what is put into the line is quoted.

# C|a command|what it does; O|its command|an option|the kind of its value, empty without one|what it is; A|its command|the kind of
# the word at that place, * where several may stand. The command * is all of them. A kind that begins with = lists its words.
__fleettui_table='@TABLE@'

# The words of a line without their quotes, into words; the last is what is being typed, quote its open quote, and done
# is how much of it stands before the place from where readline puts in what is chosen.
__fleettui_split() {
  local line=$1 breaks=$COMP_WORDBREAKS char i begun=
  words=() quote='' word='' done=0
  for ((i = 0; i < ${#line}; i++)); do
    char=${line:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $char == "'" ]]; then quote=''; else word+=$char; fi
    elif [[ $char == \\ ]]; then
      i=$((i + 1)) begun=1
      word+=${line:i:1}
    elif [[ $quote == '"' ]]; then
      if [[ $char == '"' ]]; then quote=''; else word+=$char; fi
    elif [[ $char == [\'\"] ]]; then
      quote=$char done=${#word} begun=1
    elif [[ $char == [[:space:]] ]]; then
      [[ -n $begun ]] && words+=("$word")
      word='' done=0 begun=''
    else
      word+=$char begun=1
      [[ $breaks == *"$char"* ]] && done=${#word}
    fi
  done
}

# The kind of the value of option $2 of the command $1, into kind; false where there is no such option, or it takes no value.
__fleettui_option() {
  local row rest
  for row in "${rows[@]}"; do
    if [[ $row == "O|$1|$2|"* || $row == "O|*|$2|"* ]]; then
      rest=${row#O|*|*|}
      kind=${rest%%|*}
      [[ -n $kind ]]
      return
    fi
  done
  return 1
}

# Which command the words are, into command; what the word after them is, into kind.
__fleettui_walk() {
  local word row rest count=0 only_words='' waiting=''
  command='' kind='' home=() place=0
  for word in "${words[@]:1}"; do
    if [[ -n $waiting ]]; then
      [[ $waiting == --home ]] && home=(--home "$word")
      waiting=''
    elif [[ -n $only_words ]]; then
      count=$((count + 1))
    elif [[ $word == -- ]]; then
      only_words=1
    elif [[ $word == --home=* ]]; then
      home=(--home "${word#--home=}")
    elif [[ $word == -* ]]; then
      if [[ $word != *=* ]] && __fleettui_option "$command" "$word"; then waiting=$word; fi
    elif ((count == 0)) && [[ $table == *$'\n'"C|${command:+$command }$word|"* ]]; then
      command=${command:+$command }$word
    else
      count=$((count + 1))
    fi
  done
  place=$count
  if [[ -n $waiting ]]; then
    __fleettui_option "$command" "$waiting"
    place=-1
    return
  fi
  kind=''
  for row in "${rows[@]}"; do
    if [[ $row == "A|$command|"* ]]; then
      rest=${row#A|*|}
      kind=${rest%\*}
      if ((count == 0)) || [[ $rest == *\* ]]; then return; fi
      count=$((count - 1)) kind=''
    fi
  done
}

# Text $1 into quoted, as it stands in the line behind the quote that is open there.
__fleettui_quote() {
  quoted=$1
  case $quote in
  "'") quoted=${quoted//\'/\'\\\'\'} ;;
  '"')
    quoted=${quoted//\\/\\\\} quoted=${quoted//\"/\\\"}
    quoted=${quoted//\$/\\\$} quoted=${quoted//\`/\\\`}
    ;;
  *) printf -v quoted %q "$quoted" ;;
  esac
}

# What may stand there goes into COMPREPLY, without what stands there already.
__fleettui_answer() {
  local candidate quoted common=${candidates[0]} is_plain=1
  local -a all=()
  ((${#candidates[@]})) || return
  for candidate in "${candidates[@]}"; do
    __fleettui_quote "${candidate:done}"
    all+=("$quoted")
    [[ $quoted == "${candidate:done}" ]] || is_plain=''
    while [[ $candidate != "$common"* ]]; do common=${common%?}; done
  done
  if [[ ${#all[@]} == 1 || -n $is_plain || -n $quote ]]; then
    COMPREPLY=("${all[@]}")
  elif ((${#common} > ${#word})); then
    # readline would take what all begin with from the quoted words, and could end within a quoted character
    __fleettui_quote "${common:done}"
    COMPREPLY=("$quoted")
    compopt -o nospace 2>/dev/null
  else
    # only to be read: the last one keeps readline from putting anything in
    COMPREPLY=("${candidates[@]}" ' ')
  fi
}

__fleettui_values() {
  local row value typed=$1 before=$2
  case $kind in
  '' | text) ;;
  file | folder)
    compopt -o filenames 2>/dev/null
    while IFS= read -r row; do COMPREPLY+=("$row"); done < <(
      if [[ $kind == file ]]; then compgen -f -- "$typed"; else compgen -d -- "$typed"; fi
    )
    ;;
  '='*)
    local IFS=,
    set -f
    for value in ${kind#=}; do
      if [[ $value == "$typed"* ]]; then
        [[ $value == *= ]] && compopt -o nospace 2>/dev/null
        candidates+=("$before$value")
      fi
    done
    set +f
    ;;
  *)
    while IFS=$'\t' read -r value row; do
      candidates+=("$before$value")
    done < <(command fleettui complete "${home[@]}" -- "$kind" "$typed" 2>/dev/null </dev/null)
    ;;
  esac
}

_fleettui() {
  local table=$'\n'$__fleettui_table words word quote done command kind home place row rest
  local -a rows candidates=()
  mapfile -t rows <<<"$__fleettui_table"
  COMPREPLY=()
  __fleettui_split "${COMP_LINE:0:COMP_POINT}"
  __fleettui_walk
  if ((place < 0)); then
    __fleettui_values "$word" ''
  elif [[ $word == --*=* ]]; then
    __fleettui_option "$command" "${word%%=*}" && __fleettui_values "${word#*=}" "${word%%=*}="
  elif [[ $word == -* ]]; then
    for row in "${rows[@]}"; do
      if [[ $row == "O|$command|$word"* || $row == "O|*|$word"* ]]; then
        rest=${row#O|*|}
        candidates+=("${rest%%|*}")
      fi
    done
  else
    if ((place == 0)); then
      for row in "${rows[@]}"; do
        rest=${row#"C|${command:+$command }"}
        if [[ $row == "C|${command:+$command }$word"* && ${rest%%|*} != *' '* ]]; then
          candidates+=("${rest%%|*}")
        fi
      done
    fi
    if [[ -n $command || $word == [Tt#0-9]* ]]; then __fleettui_values "$word" ''; fi
  fi
  __fleettui_answer
}

complete -F _fleettui fleettui ft
