#!/bin/sh
# Installs ecgview for one user, without administrator's rights: sh install.sh [--prefix FOLDER]
#
# The program goes to FOLDER/lib/ecgview, its commands to FOLDER/bin, menu entry, icons, file
# types and manual to FOLDER/share; FOLDER is ~/.local unless said otherwise. What is made is
# listed in FOLDER/lib/ecgview/installed.txt for uninstall.sh: a letter (File, Tree, Directory,
# Share) and a path in each line.
set -eu

NAME=ecgview

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit 1
}

usage() {
    printf 'usage: sh install.sh [--prefix FOLDER]\n'
    printf 'Installs %s into FOLDER, ~/.local by default; no administrator is needed.\n' "$NAME"
}

note() {
    printf '%s %s\n' "$1" "$2" >>"$list"
}

# Makes a folder, and its parents, and notes those that were not there.
make_folder() {
    if [ ! -d "$1" ]; then
        make_folder "$(dirname "$1")"
        mkdir "$1" 2>/dev/null || fail "$1 cannot be made a folder."
        note D "$1"
    fi
}

refuse_to_overwrite() {
    if [ -e "$1" ] || [ -L "$1" ]; then
        fail "$1 is there already and belongs to something else."
    fi
}

# A path in double quotes as menu entries want it, with escapes for each of their two readings.
in_quotes() {
    # shellcheck disable=SC2016
    printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g' -e 's/.*/"&"/'
}

# Lets the menu entry name the commands by their full paths: bin may be on no search path.
point_entry() {
    entry=$1
    for command in "$NAME-gui" "$NAME"; do
        full=$(in_quotes "$prefix/bin/$command" | sed 's/[\\&|]/\\&/g')
        sed "s|^Exec=$command |Exec=$full |" "$entry" >"$entry.new"
        mv "$entry.new" "$entry"
    done
}

lay_share() {
    (cd "$here/share" && find . -type f) >"$list.share"
    while IFS= read -r file; do
        target=$share/${file#./}
        refuse_to_overwrite "$target"
        make_folder "$(dirname "$target")"
        note F "$target"
        cp "$here/share/$file" "$target"
        case $file in *.desktop) point_entry "$target" ;; esac
    done <"$list.share"
}

link_commands() {
    make_folder "$prefix/bin"
    for command in "$NAME" "$NAME-gui"; do
        refuse_to_overwrite "$prefix/bin/$command"
        note F "$prefix/bin/$command"
        ln -s "../lib/$NAME/$NAME" "$prefix/bin/$command"
    done
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# Brings the desktop's caches up to date, where it has such; what cannot be does no harm.
refresh() {
    cache=$share/applications/mimeinfo.cache
    [ -e "$cache" ] || note F "$cache"
    if has update-mime-database; then update-mime-database "$share/mime" || :; fi
    if has update-desktop-database; then update-desktop-database -q "$share/applications" || :; fi
    theme=$share/icons/hicolor
    touch "$theme"
    if [ -e "$theme/icon-theme.cache" ] && has gtk-update-icon-cache; then
        gtk-update-icon-cache -q -t -f "$theme" || :
    fi
}

check_room() {
    present=$prefix
    while [ ! -d "$present" ]; do present=$(dirname "$present"); done
    [ -w "$present" ] || fail "$present cannot be written; name another folder with --prefix."
    need_kib=$(du -sk "$here/$NAME" | cut -f 1)
    free_kib=$(df -Pk "$present" | awk 'NR == 2 { print $4 }')
    [ "$free_kib" -gt "$need_kib" ] ||
        fail "$present has $((free_kib / 1024)) MB free; $((need_kib / 1024)) MB are needed."
}

# Whatever goes wrong, nothing half-done stays.
finish() {
    status=$?
    trap - EXIT
    if [ "$status" -ne 0 ]; then
        sh "$here/uninstall.sh" --list "$list" --quiet || :
        printf 'install.sh: nothing was installed.\n' >&2
    fi
    rm -f "$list" "$list.share"
    exit "$status"
}

# The new version is copied before an older one goes.
install_all() {
    make_folder "$prefix/lib"
    note S "$share"
    rm -rf "$library.new"
    note T "$library.new"
    cp -RP "$here/$NAME" "$library.new"
    cp "$here/uninstall.sh" "$library.new"
    if [ -e "$library/installed.txt" ]; then
        grep '^D ' "$library/installed.txt" >>"$list" || :
        sh "$library/uninstall.sh" --quiet
    fi
    note T "$library"
    mv "$library.new" "$library"
    link_commands
    lay_share
    refresh
    grep -Fvx "T $library.new" "$list" >"$library/installed.txt"
}

say_how_to_start() {
    printf '%s is installed. Look for it in the menu, or type: ' "$NAME"
    case :$PATH: in
    *":$prefix/bin:"*) printf '%s\n' "$NAME" ;;
    *) printf '%s\n' "$prefix/bin/$NAME" ;;
    esac
    case :${XDG_DATA_HOME:-$HOME/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}: in
    *":$share:"*) ;;
    *) printf 'Menus look into %s only if XDG_DATA_DIRS names it.\n' "$share" ;;
    esac
    printf 'To remove it: sh "%s/uninstall.sh"\n' "$library"
}

main() {
    here=$(cd "$(dirname "$0")" && pwd)
    prefix=
    while [ $# -gt 0 ]; do
        case $1 in
        --prefix) prefix=${2:?--prefix needs a folder} && shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
        esac
    done
    HOME=${HOME:-/nonexistent}
    share=${prefix:-${XDG_DATA_HOME:-$HOME/.local}}
    [ -z "$prefix" ] && [ -n "${XDG_DATA_HOME:-}" ] || share=$share/share
    prefix=${prefix:-$HOME/.local}
    case $prefix in /*) ;; *) prefix=$PWD/$prefix share=$PWD/$share ;; esac
    library=$prefix/lib/$NAME
    [ -x "$here/$NAME/$NAME" ] || fail "$here/$NAME is missing; unpack the whole archive."
    if [ -e "$library" ] && [ ! -e "$library/installed.txt" ]; then
        fail "$library is there already and was not made by install.sh."
    fi
    check_room
    list=$(mktemp)
    trap finish EXIT
    trap 'exit 130' HUP INT TERM
    install_all
    say_how_to_start
}

main "$@"
