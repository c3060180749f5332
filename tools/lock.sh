#!/bin/sh
# Renew requirements/*.lock from requirements/*.in: exact versions with the hashes of every published file.
# Needs pip-tools (`pip install pip-tools`). Give `--upgrade` to take newer versions, else the locked ones stay.
# requirements/torch.txt is changed by hand.
set -eu
cd "$(dirname "$0")/../requirements"
for name in build run test voice pcsc pkcs11 emv typings; do
    pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        "$@" --output-file "$name.lock" "$name.in"
    sed -i '/^# The following/d; /^$/d' "$name.lock"
done
