#!/usr/bin/env bash
# Make .venv/ and what it stands on. Quiet when nothing is to be done; can be run again at any time.
#
#   scripts/setup.sh run    what running needs (make setup)
#   scripts/setup.sh dev    and the tools for checks and quick tests
#   scripts/setup.sh test   and the Debian packages that the full tests need
set -euo pipefail

level=${1:-run}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Two makes in one checkout must not install at the same time.
if command -v flock >/dev/null; then
    exec 9<"$root/scripts/setup.sh"
    flock 9
fi

# --- Python ------------------------------------------------------------------------------------------------------
python=
for name in python3.11 python3.12 python3.13 python3.14 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is missing. Install the Debian packages python3 and python3-venv."

# --- Debian packages ---------------------------------------------------------------------------------------------
has_library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
has_program() { command -v "$1" >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null; }

missing=()
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
# WeasyPrint draws with these.
has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
# What a file is, by its content.
has_library libmagic.so.1 || missing+=(libmagic1)
if [ "$level" = test ]; then
    has_program chromium || has_program google-chrome || missing+=(chromium)
    has_program initdb || missing+=(postgresql)
    has_program redis-server || missing+=(redis-server)
    # Spreadsheets that we write are computed again by a program that people use.
    has_program soffice || missing+=(libreoffice-calc-nogui)
fi

if [ ${#missing[@]} -gt 0 ]; then
    by_hand="Install the missing Debian packages, then run this again: apt-get install ${missing[*]}"
    command -v apt-get >/dev/null || fail "$by_hand"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "$by_hand"
        # Without a terminal nobody can type a password.
        if [ -t 0 ]; then as_root=(sudo); else as_root=(sudo -n); fi
    fi
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # 9>&- : a service that a package starts must not keep the lock.
    apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" </dev/null >>"$log" 2>&1 9>&-; }
    say "installing the Debian packages ${missing[*]}"
    # The lists of a machine may be old or not there at all; a failing update is told by the install after it.
    apt update || true
    if ! apt install -y --no-install-recommends "${missing[@]}"; then
        tail -n 15 "$log" >&2
        fail "$by_hand"
    fi
fi

# --- .venv -------------------------------------------------------------------------------------------------------
# A folder that was moved, or whose Python is gone, is made again.
if ! [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$root/.venv" ]; then
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || fail "$python cannot make .venv. Install the Debian package python3-venv."
fi

digest() { sha256sum "$@" | sha256sum | cut -d ' ' -f 1; }
installed() { [ -f ".venv/installed-$1" ] && [ "$(cat ".venv/installed-$1")" = "$2" ]; }

uv_digest=$(digest requirements-uv.lock)
if ! installed uv "$uv_digest"; then
    say "installing uv into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock \
        || fail "uv cannot be installed; see the message of pip above."
    echo "$uv_digest" >.venv/installed-uv
fi

run_digest=$(digest requirements.lock)
dev_digest=$(digest requirements-dev.lock)
if [ "$level" = run ] && installed run "$run_digest"; then
    exit 0
fi
if [ "$level" != run ] && installed dev "$dev_digest"; then
    exit 0
fi
# Tools that are there already stay, so that make setup takes nothing away from a developer.
lock=requirements.lock
if [ "$level" != run ] || [ -f .venv/installed-dev ]; then
    lock=requirements-dev.lock
fi
say "installing $(grep -c '==' "$lock") Python packages from $lock"
rm -f .venv/installed-run .venv/installed-dev
# uv brings certificates of its own; those of the machine, where it has some, also know a company's proxy.
if [ -z "${SSL_CERT_FILE:-}" ] && [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_NATIVE_TLS=${UV_NATIVE_TLS:-1}
fi
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "$lock" 9>&- \
    || fail "the packages of $lock cannot be installed; see the message of uv above."
if [ "$lock" = requirements-dev.lock ]; then
    echo "$dev_digest" >.venv/installed-dev
fi
echo "$run_digest" >.venv/installed-run
