#!/bin/bash
# Builds the image of the suite: edgeboot, Python, and only what they need.
#
# usage: build.sh [--fresh]                  from Debian's packages and Python's; needs no registry of images
#        build.sh [--fresh] --dockerfile     from the image that the Dockerfile names, by its digest
#        BASE=IMAGE build.sh [--fresh]       from this one, with Debian 12's packages
#   --fresh  takes Debian's packages anew, for their security updates
#
# EDGEBOOT_IMAGE           the image's name (default localhost/edgeboot/edgeboot:VERSION)
# EDGEBOOT_DEBIAN_MIRROR   Debian mirror    (default: mmdebstrap's own)
# PIP_INDEX_URL, …         as for any pip
# XDG_CACHE_HOME           products go to edgeboot/edgeboot below it (default ~/.cache)
#
# Beside the image: sbom.cdx.json there, its bill of materials.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh
. "$here/../lib.sh"
# shellcheck source=../needs.sh
. "$here/../needs.sh"
# shellcheck source=../debian.sh
. "$here/../debian.sh"
project=$(cd "$images/.." && pwd)
image=$suite_image
bill=usr/share/edgeboot/sbom.cdx.json

fresh='' way=packages
[ -z "${BASE:-}" ] || way=dockerfile
for each in "$@"; do
  case $each in
    --fresh) fresh=yes ;;
    --dockerfile) way=dockerfile ;;
    *) fail "usage: build.sh [--fresh] [--dockerfile]" ;;
  esac
done

# What the wheel is made of, as pyproject.toml says, and what it is installed with.
sources_key() {
  contents edgeboot libraries.sh lib.sh
  (cd "$project" && find pyproject.toml requirements.lock requirements-image.lock README.md LICENSE conftest.py edgeboot fixtures \
    tests/e2e manifests contracts docs/statements tools/boot-files tools/boot-program tools/boot_program.c tools/firmware \
    tools/editable_install.py -type f -not -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

# A wheel by the lock is the same whenever it is fetched: with the lock's hash it is kept.
python_packages() { # python_packages FOLDER
  say "Python: the wheels of requirements-image.lock, and the suite's"
  "$here/packages.sh" "$project" "$1" 3.11 >"$cache/pip.log" 2>&1 \
    || { tail -n 5 "$cache/pip.log" >&2 && fail "pip failed, see $cache/pip.log"; }
}

from_packages() {
  local archive key names=()
  mapfile -t names <"$here/debian-packages"
  archive=$(debian_root python minbase "${names[@]}")
  key=$({ sources_key && cat "$archive.sha256"; } | hash)
  if image_is "$image" "$key"; then
    say_image "$image" "as it was"
    return
  fi
  open_work
  mkdir "$work/debian"
  tar -C "$work/debian" -xf "$archive"
  python_packages "$work/debian/usr/local/lib/python3.11/dist-packages"
  "$here/root.sh" "$work/debian" "$work/parts" >"$cache/root.log" 2>&1 \
    || { tail -n 5 "$cache/root.log" >&2 && fail "could not lay out the image, see $cache/root.log"; }
  mkdir "$work/image"
  for each in system packages suite; do
    tar -C "$work/parts/$each" --xattrs --xattrs-include=security.capability -c . \
      | tar -C "$work/image" --xattrs --xattrs-include=security.capability --keep-directory-symlink -x
  done
  # Without the hour, the same files give the same layer.
  find "$work/image" -exec touch --no-dereference --date=@0 {} +
  # The rest is as in the Dockerfile.
  local changes=()
  mapfile -t changes < <(sed -n '/^# The image/,$ { /^\(ENV\|USER\|WORKDIR\|ENTRYPOINT\|CMD\) /p }' "$here/Dockerfile")
  import_image "$image" "$key" "$work/image" "${changes[@]}"
  cp "$work/image/$bill" "$cache/"
  say_image "$image" "made from Debian's packages and Python's"
}

from_dockerfile() {
  local key options=() container
  key=$({ sources_key && echo "${BASE:-}"; } | hash)
  if [ -z "$fresh" ] && image_is "$image" "$key"; then
    say_image "$image" "as it was"
    return
  fi
  [ -z "${BASE:-}" ] || options+=(--build-arg "BASE=$BASE")
  [ -z "$fresh" ] || options+=(--no-cache)
  # Debian's docker has the classic builder only, and calls it deprecated.
  docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
  docker build --tag "$image" --label "edgeboot.key=$key" "${options[@]}" \
    --file "$here/Dockerfile" "$project" >"$cache/docker.log" 2>&1 \
    || { tail -n 5 "$cache/docker.log" >&2 && fail "docker build failed, see $cache/docker.log"; }
  container=$(docker create "$image")
  docker cp --quiet "$container:/$bill" "$cache/" && docker rm "$container" >/dev/null
  say_image "$image" "made by the Dockerfile"
}

need_root
need_architecture
open_cache "$caches/edgeboot"
need_programs mmdebstrap:mmdebstrap /usr/share/keyrings/debian-archive-keyring.gpg:debian-archive-keyring \
  setcap:libcap2-bin pip3:python3-pip
need_engine
"from_$way"
