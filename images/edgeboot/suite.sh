#!/bin/bash
# Adds the suite to what root.sh has laid out: the part that each release changes.
#
# usage: suite.sh PROJECT FROM TO
#   FROM, TO  as root.sh has had them; TO gets the folder suite
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$1 from=$(realpath "$2") to=$(realpath "$3")
python=python3.11
packages=usr/local/lib/$python/dist-packages
pip=(python3 -m pip --disable-pip-version-check --quiet)
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What builds the wheel, as the lock of the whole project has it.
awk '/^[a-z]/ { wanted = /^(hatchling|packaging|pathspec|pluggy|trove-classifiers)==/ } wanted' \
  "$project/requirements.lock" >"$work/build.lock"
"${pip[@]}" install --no-deps --require-hashes --target "$work/build" --requirement "$work/build.lock"
PYTHONPATH=$work/build "${pip[@]}" wheel --no-deps --no-build-isolation --wheel-dir "$work" "$project"

mkdir -p "$to/suite"/{usr/bin,usr/share/edgeboot}
"${pip[@]}" install --no-deps --no-compile --no-index --target "$to/suite/$packages" "$work"/edgeboot-*.whl
rm -rf "$to/suite/$packages/bin"
mkdir -p "$from/$packages"
cp -r "$to/suite/$packages/edgeboot" "$from/$packages/"
chroot "$from" "$python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "/$packages/edgeboot" || true
cp -r "$from/$packages/edgeboot" "$to/suite/$packages/"
install "$here/edgeboot" "$to/suite/usr/bin/"
python3 "$here/sbom.py" "$from" "$to" >"$to/suite/usr/share/edgeboot/sbom.cdx.json"
