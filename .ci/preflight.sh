#!/bin/sh
# Refuse, with one sentence about what to do, a command that could only fail later.
# usage: preflight.sh PYTHON REPOSITORY
set -eu
python=$1
repository=$(cd "$2" && pwd)

refuse() {
    printf '%s\n' "$1" >&2
    exit 1
}

system="$(uname -s) $(uname -m)"
case "$system" in
"Linux x86_64" | "Linux aarch64") ;;
*) refuse "This is $system; the servers come as binaries for Linux on x86_64 and aarch64 only: use such a machine, or Docker Compose (docker-compose.yml)." ;;
esac

case "$repository" in
*[\"\$\`\\:]*) refuse "The path of this checkout, $repository, holds one of \" \$ \` \\ : which PostgreSQL's initdb or the search path takes for its own: move the checkout to a path without them (spaces and all other characters are fine)." ;;
esac

command -v "$python" >/dev/null 2>&1 ||
    refuse "There is no $python: install Python 3.11 or newer (Debian: apt-get install python3 python3-venv), or name one with make PYTHON=/path/to/python3."
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
    refuse "$python does not run: name a working Python 3.11 or newer with make PYTHON=/path/to/python3."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    refuse "$python is Python $version and 3.11 or newer is needed: name one with make PYTHON=/path/to/python3.11."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    refuse "$python lacks the venv module: install it (Debian: apt-get install python3-venv), or name another with make PYTHON=/path/to/python3."

needed_megabytes=3072
[ -d "$repository/.venvs/bench" ] && needed_megabytes=1024
free_megabytes=$(df -Pm "$repository" | awk 'NR == 2 { print $4 }')
[ "$free_megabytes" -ge "$needed_megabytes" ] ||
    refuse "Only $free_megabytes MB are free on the disk of $repository and $needed_megabytes MB are needed: make room (make clean frees what earlier runs made)."
[ -w "$repository" ] ||
    refuse "$repository can't be written to, and environments and logs go there: use a checkout of your own."
