#!/bin/bash

__aya_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__aya_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__aya_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__aya_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_aya() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __aya_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    run|proxy|demo|status|top|alerts|tap|explain|reload|diff|rollback|generations|upgrade|history|brain|check|validate|fmt|schema|ca|token|import|completions|man|help)
        # Offer subcommand argument completions
        "_aya_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'run proxy demo status top alerts tap explain reload diff rollback generations upgrade history brain check validate fmt schema ca token import completions man help' -- "${cur}"))
        ;;
    esac
}

_aya_run() {
    repeating_flags=()
    non_repeating_flags=(--watch --resume --version -h --help)
    repeating_options=()
    non_repeating_options=(-c --config)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    esac
}

_aya_proxy() {
    repeating_flags=()
    non_repeating_flags=(--expand --version -h --help)
    repeating_options=(--to)
    non_repeating_options=(--listen)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--listen')
        return
        ;;
    '--to')
        return
        ;;
    esac
}

_aya_demo() {
    repeating_flags=()
    non_repeating_flags=(--stay --once --version -h --help)
    repeating_options=()
    non_repeating_options=(--seconds)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--seconds')
        return
        ;;
    esac
}

_aya_status() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_top() {
    repeating_flags=()
    non_repeating_flags=(--once --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file --page --sort --filter)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    '--page')
        __aya_add_completions -W 'overview'$'\n''routes'$'\n''pools'$'\n''servers'$'\n''events'
        return
        ;;
    '--sort')
        return
        ;;
    '--filter')
        return
        ;;
    esac
}

_aya_alerts() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_tap() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--route --listener --pool --server --status --method --header --client --reason)
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file --path --slower-than --sample --rate --limit)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    '--route')
        return
        ;;
    '--listener')
        return
        ;;
    '--pool')
        return
        ;;
    '--server')
        return
        ;;
    '--status')
        return
        ;;
    '--method')
        return
        ;;
    '--path')
        return
        ;;
    '--header')
        return
        ;;
    '--client')
        return
        ;;
    '--reason')
        return
        ;;
    '--slower-than')
        return
        ;;
    '--sample')
        return
        ;;
    '--rate')
        return
        ;;
    '--limit')
        return
        ;;
    esac
}

_aya_explain() {
    repeating_flags=()
    non_repeating_flags=(--offline --json --version -h --help)
    repeating_options=(-H --header)
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file --client --listener)
    __aya_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    '-H'|'--header')
        return
        ;;
    '--client')
        return
        ;;
    '--listener')
        return
        ;;
    esac
}

_aya_reload() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_diff() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_rollback() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_generations() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_upgrade() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_history() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|export|delete)
        # Offer subcommand argument completions
        "_aya_history_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list export delete' -- "${cur}"))
        ;;
    esac
}

_aya_history_list() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_history_export() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file --resolution --last)
    __aya_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    '--resolution')
        return
        ;;
    '--last')
        return
        ;;
    esac
}

_aya_history_delete() {
    repeating_flags=()
    non_repeating_flags=(--all --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_brain() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    status|why|advice|replay|import|export|forget|forecast|anomaly)
        # Offer subcommand argument completions
        "_aya_brain_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'status why advice replay import export forget forecast anomaly' -- "${cur}"))
        ;;
    esac
}

_aya_brain_status() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_brain_why() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_brain_advice() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file --of)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    '--of')
        return
        ;;
    esac
}

_aya_brain_replay() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--carries --latency --lead-time --min --max --cost-weight --hours)
    __aya_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--carries')
        return
        ;;
    '--latency')
        return
        ;;
    '--lead-time')
        return
        ;;
    '--min')
        return
        ;;
    '--max')
        return
        ;;
    '--cost-weight')
        return
        ;;
    '--hours')
        return
        ;;
    esac
}

_aya_brain_import() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--format --metric --into --state)
    __aya_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--format')
        __aya_add_completions -W 'csv'$'\n''prometheus'$'\n''aya'$'\n''combined'$'\n''haproxy'$'\n''alb'
        return
        ;;
    '--metric')
        __aya_add_completions -W 'requests'$'\n''errors'$'\n''latency_mean'
        return
        ;;
    '--into')
        return
        ;;
    '--state')
        return
        ;;
    esac
}

_aya_brain_export() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_brain_forget() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--admin -c --config --ca --cert --key --token --token-file)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--admin')
        return
        ;;
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--ca')
        __aya_add_completions -f
        return
        ;;
    '--cert')
        __aya_add_completions -f
        return
        ;;
    '--key')
        __aya_add_completions -f
        return
        ;;
    '--token')
        return
        ;;
    '--token-file')
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_brain_forecast() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--horizon --season --step)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--horizon')
        return
        ;;
    '--season')
        return
        ;;
    '--step')
        return
        ;;
    esac
}

_aya_brain_anomaly() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--threshold)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--threshold')
        return
        ;;
    esac
}

_aya_check() {
    repeating_flags=()
    non_repeating_flags=(--no-network --json --version -h --help)
    repeating_options=()
    non_repeating_options=(-c --config)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    esac
}

_aya_validate() {
    repeating_flags=()
    non_repeating_flags=(--expand --json --no-files --version -h --help)
    repeating_options=()
    non_repeating_options=(-c --config)
    __aya_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    esac
}

_aya_fmt() {
    repeating_flags=()
    non_repeating_flags=(--write --check --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options -1

    # Offer positional completions
    case "${positional_number}" in
    *)
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    esac
}

_aya_schema() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 0
}

_aya_ca() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    print)
        # Offer subcommand argument completions
        "_aya_ca_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'print' -- "${cur}"))
        ;;
    esac
}

_aya_ca_print() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(-c --config --state)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-c'|'--config')
        __aya_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'
        return
        ;;
    '--state')
        __aya_add_completions -d
        return
        ;;
    esac
}

_aya_token() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    create)
        # Offer subcommand argument completions
        "_aya_token_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'create' -- "${cur}"))
        ;;
    esac
}

_aya_token_create() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--name --scope)
    __aya_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--name')
        return
        ;;
    '--scope')
        __aya_add_completions -W 'read'$'\n''operate'$'\n''admin'
        return
        ;;
    esac
}

_aya_import() {
    repeating_flags=()
    non_repeating_flags=(--strict --json --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output)
    __aya_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        __aya_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __aya_add_completions -W 'nginx'$'\n''haproxy'$'\n''caddy'$'\n''traefik'$'\n''envoy'
        return
        ;;
    2)
        __aya_add_completions -f
        return
        ;;
    esac
}

_aya_completions() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __aya_add_completions -W 'bash'$'\n''zsh'$'\n''fish'
        return
        ;;
    esac
}

_aya_man() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options 0
}

_aya_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __aya_offer_flags_options -1
}

complete -o filenames -F _aya aya
