# Completes what is typed after fleettui and ft, in fish 3.1 and newer. Written by `fleettui completion fish`.
# Names of the workspace are only ever data here: nothing is expanded or evaluated, and fish quotes what it puts into the line.

# C|a command|what it does; O|its command|an option|the kind of its value, empty without one|what it is; A|its command|the kind of
# the word at that place, * where several may stand. The command * is all of them. A kind that begins with = lists its words.
set -g __fleettui_table '@TABLE@'

# The kind of the value of option $argv[2] of the command $argv[1]; false where there is no such option, or it takes no value.
function __fleettui_option
    for row in (string split \n -- $__fleettui_table)
        set -l parts (string split -m 4 '|' -- $row)
        if test "$parts[1]" = O; and test "$parts[3]" = "$argv[2]"; and contains -- "$parts[2]" "$argv[1]" '*'
            test -n "$parts[4]"; and echo $parts[4]
            return
        end
    end
    return 1
end

# What may stand for a value of kind $argv[1] of which $argv[2] is typed, each behind $argv[3]; the rest is the workspace.
function __fleettui_values
    switch "$argv[1]"
        case '' text
        case file
            __fish_complete_path "$argv[2]"
        case folder
            __fish_complete_directories "$argv[2]"
        case '=*'
            for value in (string split , -- (string sub -s 2 -- $argv[1]))
                echo $argv[3]$value
            end
        case '*'
            for line in (command fleettui complete $argv[4..] -- $argv[1] "$argv[2]" 2>/dev/null </dev/null)
                echo $argv[3]$line
            end
    end
end

function __fleettui_candidates
    set -l given (commandline -opc)[2..]
    set -l typed (string unescape -- (commandline -ct | string collect); or commandline -ct | string trim -l -c '"\'' | string collect)
    set -l rows (string split \n -- $__fleettui_table)
    set -l command ''
    set -l count 0
    set -l waiting ''
    set -l only_words ''
    set -l home
    for word in $given
        if test -n "$waiting"
            test "$waiting" = --home; and set home --home $word
            set waiting ''
        else if test -n "$only_words"
            set count (math $count + 1)
        else if test "$word" = --
            set only_words 1
        else if string match -q -- '--home=*' $word
            set home --home (string replace -- --home= '' $word)
        else if string match -q -- '-*' $word
            if not string match -q '*=*' -- $word; and __fleettui_option "$command" $word >/dev/null
                set waiting $word
            end
        else
            set -l longer (string trim -l -- "$command $word")
            if test $count -eq 0; and string match -q -- "C|$longer|*" $rows
                set command $longer
            else
                set count (math $count + 1)
            end
        end
    end
    if test -n "$waiting"
        __fleettui_values (__fleettui_option "$command" $waiting) "$typed" '' $home
        return
    end
    if string match -q -- '--*=*' $typed
        set -l option (string split -m 1 = -- $typed)
        __fleettui_values (__fleettui_option "$command" $option[1]) "$option[2]" "$option[1]=" $home
        return
    end
    set -l kind ''
    set -l place $count
    set -l before (string length -- "$command")
    for row in $rows
        set -l parts (string split -m 4 '|' -- $row)
        switch $parts[1]
            case O
                if string match -q -- '-*' $typed; and contains -- "$parts[2]" "$command" '*'
                    printf '%s\t%s\n' $parts[3] "$parts[5]"
                end
            case C
                if test $place -eq 0; and not string match -q -- '-*' $typed
                    set -l last (string split ' ' -- $parts[2])[-1]
                    if test "$parts[2]" = (string trim -l -- "$command $last")
                        printf '%s\t%s\n' $last "$parts[3]"
                    end
                end
            case A
                if test "$parts[2]" = "$command"; and test $count -ge 0
                    if test $count -eq 0; or string match -q '*\*' -- $parts[3]
                        set kind (string trim -r -c '*' -- $parts[3])
                        set count -1
                    else
                        set count (math $count - 1)
                    end
                end
        end
    end
    if string match -q -- '-*' $typed
        return
    end
    if test -n "$command"; or string match -q -r '^[Tt#0-9]' -- $typed
        __fleettui_values "$kind" "$typed" '' $home
    end
end

for name in fleettui ft
    complete -c $name -e
    complete -c $name -f -k -a '(__fleettui_candidates)'
end
