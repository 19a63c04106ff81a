#!/bin/bash
# Installs the suite's wheel, and the wheels that it needs by their hashes, into a folder. Nothing is compiled.
#
# usage: packages.sh PROJECT FOLDER PYTHON_VERSION
#   PYTHON_VERSION  of the Python that will use them, say 3.11; this machine's may be another
set -euo pipefail
project=$1 folder=$2 version=$3
pip=(python3 -m pip --disable-pip-version-check --quiet)

# Wheels name the oldest glibc that they run with. Debian 12 has 2.36.
machine=$(uname -m)
wheels=(--only-binary=:all: --python-version="$version" --implementation=cp)
for minor in {5..36}; do wheels+=("--platform=manylinux_2_${minor}_$machine"); done
wheels+=("--platform=manylinux2014_$machine")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What builds the wheel, as the lock of the whole project has it.
awk '/^[a-z]/ { wanted = /^(hatchling|packaging|pathspec|pluggy|trove-classifiers)==/ } wanted' \
  "$project/requirements.lock" >"$work/build.lock"
"${pip[@]}" install --no-deps --require-hashes --target "$work/build" --requirement "$work/build.lock"
PYTHONPATH=$work/build "${pip[@]}" wheel --no-deps --no-build-isolation --wheel-dir "$work" "$project"

"${pip[@]}" install --no-deps --no-compile --require-hashes "${wheels[@]}" \
  --target "$folder" --requirement "$project/requirements-image.lock"
"${pip[@]}" install --no-deps --no-compile --no-index --target "$folder" --upgrade "$work"/edgeboot-*.whl
# pip's programs name this machine's Python.
rm -rf "$folder/bin"

# The asynchronous half of the Kubernetes client, and what only that half imports: a third of the image.
asynchronous=(aiohttp aiohttp_retry aiosignal aiohappyeyeballs frozenlist multidict propcache yarl)
rm -rf "$folder/kubernetes/aio"
for each in "${asynchronous[@]}"; do rm -rf "${folder:?}/$each" "$folder/$each"-*.dist-info; done
