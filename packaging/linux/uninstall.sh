#!/bin/sh
# Removes what install.sh laid down, and nothing else: sh uninstall.sh [--prefix FOLDER]
#
# Settings, notes, models and recordings of the user stay.
set -eu

NAME=ecgview

fail() {
    printf 'uninstall.sh: %s\n' "$1" >&2
    exit 1
}

usage() {
    printf 'usage: sh uninstall.sh [--prefix FOLDER]\n'
    printf 'Removes %s from FOLDER, by default where this script lies or ~/.local.\n' "$NAME"
}

# Gives the paths with a letter in the list, the inner ones before the outer ones.
listed() {
    sed -n "s/^$1 //p" "$kept" | LC_ALL=C sort -ru
}

has() {
    command -v "$1" >/dev/null 2>&1
}

remove_files() {
    listed F | while IFS= read -r path; do rm -f "$path"; done
    listed T | while IFS= read -r path; do rm -rf "$path"; done
}

# What update-mime-database made goes where nobody else has types, else it is made again.
refresh_types() {
    [ -d "$1" ] || return 0
    if listed D | grep -Fqx "$1" && [ -z "$(ls -A "$1/packages" 2>/dev/null)" ]; then
        rm -rf "$1"
    elif has update-mime-database; then
        update-mime-database "$1" || :
    fi
}

refresh_menu() {
    for entry in "$1"/*.desktop; do
        if [ -e "$entry" ] && has update-desktop-database; then
            update-desktop-database -q "$1" || :
            break
        fi
    done
}

refresh_icons() {
    if [ -e "$1/icon-theme.cache" ] && has gtk-update-icon-cache; then
        gtk-update-icon-cache -q -t -f "$1" || :
    fi
}

remove_folders() {
    listed D | while IFS= read -r path; do rmdir "$path" 2>/dev/null || :; done
}

find_list() {
    here=$(cd "$(dirname "$0")" && pwd)
    if [ -z "$prefix" ] && [ -e "$here/installed.txt" ]; then
        list=$here/installed.txt
    else
        list=${prefix:-${HOME:-}/.local}/lib/$NAME/installed.txt
    fi
    [ -e "$list" ] || fail "$list is not there: nothing was installed, or elsewhere (--prefix)."
}

main() {
    prefix='' list='' quiet=''
    while [ $# -gt 0 ]; do
        case $1 in
        --prefix) prefix=${2:?--prefix needs a folder} && shift 2 ;;
        --list) list=$2 && shift 2 ;;
        --quiet) quiet=yes && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
        esac
    done
    [ -n "$list" ] || find_list
    # The list goes with the program, before the work is done.
    kept=$(mktemp)
    trap 'rm -f "$kept"' EXIT
    cp "$list" "$kept"
    cd /
    remove_files
    listed S | while IFS= read -r share; do
        refresh_types "$share/mime"
        refresh_menu "$share/applications"
        refresh_icons "$share/icons/hicolor"
    done
    remove_folders
    if [ -z "$quiet" ]; then
        printf '%s is removed. Settings, notes and models of your own were left alone.\n' "$NAME"
    fi
}

main "$@"
exit
