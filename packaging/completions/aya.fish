function __aya_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __aya_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __aya_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __aya_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __aya_parse_tokens -S
    set -l unparsed_tokens (__aya_tokens -pc)
    switch $unparsed_tokens[1]
    case 'aya'
        __aya_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __aya_parse_subcommand 0 'c/config=' 'watch' 'resume' 'version' 'h/help'
        case 'proxy'
            __aya_parse_subcommand 0 'listen=' 'to=+' 'expand' 'version' 'h/help'
        case 'demo'
            __aya_parse_subcommand 0 'seconds=' 'stay' 'once' 'version' 'h/help'
        case 'status'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'json' 'version' 'h/help'
        case 'top'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'page=' 'sort=' 'filter=' 'once' 'version' 'h/help'
        case 'alerts'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'json' 'version' 'h/help'
        case 'tap'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'route=+' 'listener=+' 'pool=+' 'server=+' 'status=+' 'method=+' 'path=' 'header=+' 'client=+' 'reason=+' 'slower-than=' 'sample=' 'rate=' 'limit=' 'json' 'version' 'h/help'
        case 'explain'
            __aya_parse_subcommand 1 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'H/header=+' 'client=' 'listener=' 'offline' 'json' 'version' 'h/help'
        case 'reload'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'dry-run' 'json' 'version' 'h/help'
        case 'diff'
            __aya_parse_subcommand 2 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'json' 'version' 'h/help'
        case 'rollback'
            __aya_parse_subcommand 1 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'dry-run' 'json' 'version' 'h/help'
        case 'generations'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'json' 'version' 'h/help'
        case 'upgrade'
            __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'json' 'version' 'h/help'
        case 'history'
            __aya_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'version' 'h/help'
            case 'export'
                __aya_parse_subcommand -r 1 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'resolution=' 'last=' 'version' 'h/help'
            case 'delete'
                __aya_parse_subcommand -r 1 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'all' 'version' 'h/help'
            end
        case 'brain'
            __aya_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'status'
                __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'json' 'version' 'h/help'
            case 'why'
                __aya_parse_subcommand 1 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'version' 'h/help'
            case 'advice'
                __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'of=' 'json' 'version' 'h/help'
            case 'replay'
                __aya_parse_subcommand 1 'carries=' 'latency=' 'lead-time=' 'min=' 'max=' 'cost-weight=' 'hours=' 'json' 'version' 'h/help'
            case 'import'
                __aya_parse_subcommand -r 1 'format=' 'metric=' 'into=' 'state=' 'version' 'h/help'
            case 'export'
                __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'version' 'h/help'
            case 'forget'
                __aya_parse_subcommand 0 'admin=' 'c/config=' 'ca=' 'cert=' 'key=' 'token=' 'token-file=' 'version' 'h/help'
            case 'forecast'
                __aya_parse_subcommand 0 'horizon=' 'season=' 'step=' 'json' 'version' 'h/help'
            case 'anomaly'
                __aya_parse_subcommand 0 'threshold=' 'json' 'version' 'h/help'
            end
        case 'check'
            __aya_parse_subcommand 0 'c/config=' 'no-network' 'json' 'version' 'h/help'
        case 'validate'
            __aya_parse_subcommand 1 'c/config=' 'expand' 'json' 'no-files' 'version' 'h/help'
        case 'fmt'
            __aya_parse_subcommand -r 1 'write' 'check' 'version' 'h/help'
        case 'schema'
            __aya_parse_subcommand 0 'version' 'h/help'
        case 'ca'
            __aya_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'print'
                __aya_parse_subcommand 0 'c/config=' 'state=' 'version' 'h/help'
            end
        case 'token'
            __aya_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'create'
                __aya_parse_subcommand 0 'name=' 'scope=' 'json' 'version' 'h/help'
            end
        case 'import'
            __aya_parse_subcommand 2 'o/output=' 'strict' 'json' 'version' 'h/help'
        case 'completions'
            __aya_parse_subcommand 1 'version' 'h/help'
        case 'man'
            __aya_parse_subcommand 0 'version' 'h/help'
        case 'help'
            __aya_parse_subcommand -r 1 'version'
        end
    end
end

function __aya_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __aya_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __aya_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __aya_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__aya_tokens -p)
    if test -z "$(__aya_tokens -t)"
        set -l index (count (__aya_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'aya' -f
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'run' -d 'Run a configuration in the foreground.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'proxy' -d 'Balance HTTP over some servers, without a configuration file.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'demo' -d 'Show Aya before three sample servers under a gentle load.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'status' -d 'Show what a running Aya does.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'top' -d 'Watch a running Aya in the terminal.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'alerts' -d 'Show what a running Aya wants its operators to know.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'tap' -d 'Watch exchanges, sessions and flows of a running Aya as they end.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'explain' -d 'Say what would become of a request, and why.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'reload' -d 'Have a running Aya read its configuration again.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'diff' -d 'Show how two configurations differ.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'rollback' -d 'Have a running Aya go back to an earlier configuration.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'generations' -d 'List the latest configurations of a running Aya.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'upgrade' -d 'Have a running Aya hand over to the program that is on the disk now.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'history' -d 'Read what a running Aya remembers, or have it forget.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'brain' -d 'Ask what Aya learns, from a running one or from series of measurements.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'check' -d 'Look whether a configuration can run well on this machine, and say what to do where not.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'validate' -d 'Check a configuration and report every problem in it.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'fmt' -d 'Lay configuration files out in one way.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'schema' -d 'Print the JSON Schema of the configuration, for editors.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'ca' -d 'The local authority behind \'tls: internal\'.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'token' -d 'Make tokens for the admin API.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'import' -d 'Turn another proxy\'s configuration into Aya\'s.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'completions' -d 'Print the completion script of a shell.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'man' -d 'Print the manual page.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya run" c config' -s 'c' -l 'config' -d 'A file, or a directory whose .yaml, .yml and .json files are read (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya run" watch' -l 'watch' -d 'Go over to the configuration whenever its files change, as \'aya reload\' does.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya run" resume' -l 'resume' -d 'Begin with the configuration that ran last, as the state directory has it; the file comes with a reload.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya run" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya proxy" listen' -l 'listen' -d 'Where clients connect.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya proxy"' -l 'to' -d 'A server; several times for several servers.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya proxy" expand' -l 'expand' -d 'Print the configuration instead of running it.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya proxy" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya proxy" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya demo" seconds' -l 'seconds' -d 'End by itself after so long (default: 15, unless it stays).' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya demo" stay' -l 'stay' -d 'Stay until it is ended, as on a terminal; keys are read from standard input.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya demo" once' -l 'once' -d 'End after the first second\'s figures.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya demo" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya demo" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" json' -l 'json' -d 'Print the answer as it came, as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" page' -l 'page' -d 'The page to begin with: overview, routes, pools, servers or events.' -rfka 'overview routes pools servers events'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" sort' -l 'sort' -d 'The column to sort by, as its title says.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" filter' -l 'filter' -d 'Only show what has this in its name.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" once' -l 'once' -d 'Print one frame, as plain text, and end: for scripts.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya top" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" json' -l 'json' -d 'Print the list as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya alerts" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'route' -d 'Only of this route.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'listener' -d 'Only of this listener.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'pool' -d 'Only of this pool.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'server' -d 'Only of this server, by its address.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'status' -d 'Only with this status, such as 503, 5xx or 400-499.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'method' -d 'Only with this method.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" path' -l 'path' -d 'Only with this path, or below it: /api/*.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'header' -d 'Only with this field of the request: name, or name:value.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'client' -d 'Only from these clients: an address or 10.0.0.0/8.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap"' -l 'reason' -d 'Only with this reason of the access log, such as upstream_timeout.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" slower-than' -l 'slower-than' -d 'Only what took longer, such as 250ms.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" sample' -l 'sample' -d 'Only this share of it, such as 10%.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" rate' -l 'rate' -d 'At most so many a second (default: 1000).' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" limit' -l 'limit' -d 'End behind so many.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" json' -l 'json' -d 'Print each as a line of JSON with the keys of the access log.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya tap" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain"' -s 'H' -l 'header' -d 'A header of the request: \'name: value\'.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" client' -l 'client' -d 'The client\'s address.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" listener' -l 'listener' -d 'The listener that it comes to (default: by scheme and port).' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" offline' -l 'offline' -d 'Ask the configuration\'s file instead of a running Aya.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" json' -l 'json' -d 'Print the explanation as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya explain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" dry-run' -l 'dry-run' -d 'Only tell what would change.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" json' -l 'json' -d 'Print the answer as it came, as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya reload" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" json' -l 'json' -d 'Print the differences as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya diff" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" dry-run' -l 'dry-run' -d 'Only tell what would change.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" json' -l 'json' -d 'Print the answer as it came, as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya rollback" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" json' -l 'json' -d 'Print the list as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya generations" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" json' -l 'json' -d 'Print the answer as it came, as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya upgrade" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya history" -eq 1' -fa 'list' -d 'Print the names of all series.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya history" -eq 1' -fa 'export' -d 'Print series as CSV: a line for each time, a column for each series.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya history" -eq 1' -fa 'delete' -d 'Have a running Aya forget what it remembers of some things, or everything.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" resolution' -l 'resolution' -d '1s, 1m or 1h.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" last' -l 'last' -d 'How far back, such as 30m, 2h or 7d.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" all' -l 'all' -d 'Forget everything.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya history delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'status' -d 'Show what the brain of a running Aya does and has learned.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'why' -d 'Explain what the brain of a running Aya does about a pool.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'advice' -d 'List what the brain of a running Aya advised, and what became of it.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'replay' -d 'Run a recorded day again under other policies, and compare what it costs.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'import' -d 'Read history of elsewhere: measurements, or access logs of Aya and others.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'export' -d 'Print everything that the brain of a running Aya has learned, advised and noticed, as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'forget' -d 'Have the brain of a running Aya forget what it has learned, advised and noticed.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'forecast' -d 'Forecast a series given on standard input.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya brain" -eq 1' -fa 'anomaly' -d 'Say of each row of a series how unusual it is.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" json' -l 'json' -d 'Print the answer as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain why" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" of' -l 'of' -d 'Only about this, such as \'pools/web\'.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" json' -l 'json' -d 'Print the answer as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain advice" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" carries' -l 'carries' -d 'Requests a second that one server carries.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" latency' -l 'latency' -d 'Seconds that a request takes on a quiet server.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" lead-time' -l 'lead-time' -d 'Seconds from the wish for a server to its first request.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" min' -l 'min' -d 'The fewest servers.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" max' -l 'max' -d 'The most servers.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" cost-weight' -l 'cost-weight' -d 'How little of the uncertainty is provided for, from 0 to 1.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" hours' -l 'hours' -d 'Hours at the end that are replayed.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" json' -l 'json' -d 'Print JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain replay" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain import" format' -l 'format' -d 'How the files are written.' -rfka 'csv prometheus aya combined haproxy alb'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain import" metric' -l 'metric' -d 'What of an access log is printed: requests, errors or latency_mean.' -rfka 'requests errors latency_mean'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain import" into' -l 'into' -d 'Whose history it becomes, such as \'pools/web\'.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain import" state' -l 'state' -d 'The directory of the configuration\'s \'state\'.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain import" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" admin' -l 'admin' -d 'Its admin listener: http://127.0.0.1:9900, https://aya.internal:9443 or unix:/run/aya.sock.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" c config' -s 'c' -l 'config' -d 'The configuration that it runs (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" ca' -l 'ca' -d 'Authorities that may vouch for it, in PEM (default: those that the system trusts).' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" cert' -l 'cert' -d 'A certificate to show it, in PEM; needs --key.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" key' -l 'key' -d 'The key of that certificate.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" token' -l 'token' -d 'A token to show it. Others on this machine can see it: --token-file or AYA_TOKEN keeps it quiet.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" token-file' -l 'token-file' -d 'A file with a token in its first line.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forget" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forecast" horizon' -l 'horizon' -d 'How many steps to look ahead (default: HORIZON in the environment, else 24).' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forecast" season' -l 'season' -d 'Steps after which patterns recur, such as 24,168 for hourly values (default: SEASON in the environment, else a day and a week).' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forecast" step' -l 'step' -d 'Seconds between values (default: STEP_SECONDS in the environment, else as the samples are).' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forecast" json' -l 'json' -d 'Print JSON, with times and the experts that were heard.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forecast" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain forecast" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain anomaly" threshold' -l 'threshold' -d 'The surprise that raises an alarm; one more is about ten times rarer. Use 3.0 for alerts.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain anomaly" json' -l 'json' -d 'Print JSON lines, with the cause and what would have been usual.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain anomaly" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya brain anomaly" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya check" c config' -s 'c' -l 'config' -d 'A file or a directory (default: aya.yaml).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya check" no-network' -l 'no-network' -d 'Do not look up names or connect to servers.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya check" json' -l 'json' -d 'Print what was found as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya check" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya validate" -eq 1' -fa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya validate" c config' -s 'c' -l 'config' -d 'The same, as \'aya run\' takes it.' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya validate" expand' -l 'expand' -d 'Print the configuration with every default and every short form spelt out.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya validate" json' -l 'json' -d 'Print the problems as JSON on standard output.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya validate" no-files' -l 'no-files' -d 'Leave the files of certificates and keys alone, for a machine that does not have them.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya validate" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya validate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya fmt" -ge 1' -fa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya fmt" write' -l 'write' -d 'Write the result back to the files.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya fmt" check' -l 'check' -d 'Change nothing; name the files that would change, and exit with 1 if there is one.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya fmt" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya fmt" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya schema" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya schema" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya ca" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya ca" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya ca" -eq 1' -fa 'print' -d 'Print the root certificate of the local authority, in PEM.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya ca print" c config' -s 'c' -l 'config' -d 'The configuration whose \'state\' directory keeps the authority (default: aya.yaml, if there is one).' -rfa '(set -l exts \'yaml\' \'yml\' \'json\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya ca print" state' -l 'state' -d 'The state directory itself.' -rfa '(__aya_complete_directories)'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya ca print" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya ca print" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya token" -eq 1' -fa 'create' -d 'Make a token, and what the configuration needs to know of it.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token create" name' -l 'name' -d 'Its name in the configuration and in the audit log.' -rfka ''
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token create" scope' -l 'scope' -d 'read: look; operate: change what runs, too; admin: everything.' -rfka 'read operate admin'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token create" json' -l 'json' -d 'Print token, hash and scope as JSON.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token create" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya token create" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya import" -eq 1' -fka 'nginx haproxy caddy traefik envoy'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya import" -eq 2' -F
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya import" o output' -s 'o' -l 'output' -d 'Write to this file, which must not exist yet.' -rF
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya import" strict' -l 'strict' -d 'Fail when something was not carried over as it was.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya import" json' -l 'json' -d 'Print configuration and findings as one JSON object.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya import" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_positional "aya completions" -eq 1' -fka 'bash zsh fish'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya completions" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya completions" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya man" version' -l 'version' -d 'Show the version.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya man" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'aya' -n '__aya_should_offer_completions_for_flags_or_options "aya help" version' -l 'version' -d 'Show the version.'
