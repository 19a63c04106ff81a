#!/bin/bash
# Installs the wheels of a lock into a folder, by their hashes. Nothing is compiled.
#
# usage: packages.sh LOCK FOLDER PYTHON_VERSION
#   PYTHON_VERSION  of the Python that will use them, say 3.11; this machine's may be another
set -euo pipefail
lock=$1 folder=$2 version=$3

# A wheel's name has the oldest glibc that it runs with. Debian 12's is 2.36.
machine=$(uname -m)
wheels=(--only-binary=:all: --python-version="$version" --implementation=cp "--platform=manylinux2014_$machine")
for minor in {5..36}; do wheels+=("--platform=manylinux_2_${minor}_$machine"); done
python3 -m pip --disable-pip-version-check --quiet install --no-deps --no-compile --require-hashes \
  "${wheels[@]}" --target "$folder" --requirement "$lock"

# pip's programs name this machine's Python; tests of packages are not ours to run; what setuptools is
# needed for is over.
rm -rf "$folder"/{bin,setuptools,pkg_resources,_distutils_hack,distutils-precedence.pth} "$folder"/setuptools-*.dist-info
rm -rf "$folder"/{pbr,stevedore,sushy,websocket}/tests

# The asynchronous half of the Kubernetes client, and what only that half imports: a quarter of the image.
rm -rf "$folder/kubernetes/aio"
for each in aiohttp aiohttp_retry aiosignal aiohappyeyeballs frozenlist multidict propcache yarl; do
  rm -rf "${folder:?}/$each" "$folder/$each"-*.dist-info
done
