# shellcheck shell=bash disable=SC2154 # lib.sh and needs.sh set what is not set here
# Sourced after lib.sh: Debian packages with all they depend on, as an archive in the cache.

suite=bookworm

# Prints the archive's path; beside it stands its checksum. "extract" unpacks the packages
# and no more, "minbase" installs them into a system that can start.
debian_root() { # debian_root NAME VARIANT PACKAGE...
  local name=$1 variant=$2 packages archive
  shift 2
  packages=$(IFS=, && echo "$*")
  archive=$cache/$name-$(echo "$suite $architecture $variant $packages" | hash).tar
  # Debian's newest packages are taken when asked for, not by chance.
  [ -z "${fresh:-}" ] || rm -f "$archive"
  if [ ! -f "$archive" ]; then
    say "Debian: $packages"
    mmdebstrap --quiet --format=tar --variant="$variant" --include="$packages" \
      --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' \
      "$suite" "$archive.new" ${EDGEBOOT_DEBIAN_MIRROR:+"$EDGEBOOT_DEBIAN_MIRROR"} \
      >"$cache/$name.log" 2>&1 || { tail -n 5 "$cache/$name.log" >&2 && fail "mmdebstrap failed, see $cache/$name.log"; }
    sha256sum <"$archive.new" >"$archive.sha256"
    mv "$archive.new" "$archive"
  fi
  echo "$archive"
}
