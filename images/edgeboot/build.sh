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

keep_all=(--xattrs --xattrs-include=security.capability --numeric-owner)

# What the wheel is made of, as pyproject.toml says, and what builds it.
sources() {
  (cd "$project" && find pyproject.toml requirements.lock README.md LICENSE conftest.py edgeboot fixtures tests/e2e \
    manifests contracts docs/statements tools images/edgeboot -type f -not -name '*.pyc' -print0 \
    | LC_ALL=C sort -z | xargs -0 sha256sum)
}

# All but the suite, of which a new release needs no other; kept as one archive.
base() {
  local names=() key each
  mapfile -t names <"$here/debian-packages"
  debian=$(debian_root python minbase "${names[@]}")
  key=$({ contents edgeboot libraries.sh && cat "$project/requirements-image.lock" "$debian.sha256"; } | hash)
  base=$cache/base-$key.tar
  [ ! -f "$base" ] || return 0
  open_work
  mkdir "$work/debian"
  tar -C "$work/debian" -xf "$debian"
  say "Python: the wheels of requirements-image.lock"
  logged pip "$here/packages.sh" "$project/requirements-image.lock" "$work/debian/usr/local/lib/python3.11/dist-packages" 3.11
  logged root "$here/root.sh" "$work/debian" "$work/parts"
  tar -C "$work/parts" "${keep_all[@]}" -cf "$base.new" .
  mv "$base.new" "$base"
  rm -rf "$work"
}

logged() { # logged NAME COMMAND...
  local log=$cache/$1.log
  "${@:2}" >"$log" 2>&1 || { tail -n 5 "$log" >&2 && fail "${2##*/} failed, see $log"; }
}

from_packages() {
  local key each changes=()
  base
  key=$({ sources && echo "$base"; } | hash)
  if image_is "$image" "$key"; then
    say_image "$image" "as it was"
    return
  fi
  open_work
  mkdir "$work/debian" "$work/parts" "$work/image"
  tar -C "$work/debian" -xf "$debian"
  tar -C "$work/parts" "${keep_all[@]}" -xf "$base"
  logged suite "$here/suite.sh" "$project" "$work/debian" "$work/parts"
  for each in system packages suite; do
    tar -C "$work/parts/$each" "${keep_all[@]}" -c . | tar -C "$work/image" "${keep_all[@]}" --keep-directory-symlink -x
  done
  # Without the hour, the same files give the same layer.
  find "$work/image" -exec touch --no-dereference --date=@0 {} +
  # User, environment and command are the Dockerfile's.
  mapfile -t changes < <(sed -n '/^# The image:/,$ { /^\(ENV\|USER\|WORKDIR\|ENTRYPOINT\|CMD\) /p }' "$here/Dockerfile")
  import_image "$image" "$key" "$work/image" "${changes[@]}"
  cp "$work/image/$bill" "$cache/"
  say_image "$image" "made from Debian's packages and Python's"
}

from_dockerfile() {
  local key options=() container
  key=$({ sources && cat "$project/requirements-image.lock" && echo "${BASE:-}"; } | hash)
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
