#!/bin/bash
# Lays out the image's root file system in three parts, each of which changes less often than the next.
#
# usage: root.sh FROM TO
#   FROM  a root file system that has the packages of debian-packages installed, and packages.sh's
#         in /usr/local/lib/python3.11/dist-packages
#   TO    gets the folders system, packages and suite: one image is all three, one over the other
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
from=$(realpath "$1") to=$(realpath --canonicalize-missing "$2")
python=python3.11
packages=usr/local/lib/$python/dist-packages
# shellcheck source=../libraries.sh
. "$here/../libraries.sh"
umask 022

# Compiled beforehand, as the root file system cannot be written later. Nothing compares the times of
# source and bytecode: an image has its own.
chroot "$from" "$python" -m compileall -q -j 0 --invalidation-mode unchecked-hash \
  "/usr/lib/$python" /usr/lib/python3/dist-packages "/$packages" || true

# Debian's part: Python, libvirt's binding, the libraries of both and of the wheels.
system=$to/system
mkdir -p "$system"/{run,tmp,proc,sys,dev,etc/ld.so.conf.d,usr/bin,usr/sbin,usr/lib,usr/lib64} \
  "$system/usr/lib/python3/dist-packages" "$system/etc/edgeboot" "$system/home/edgeboot" "$system/var/lib/edgeboot"
for each in bin sbin lib lib64; do ln -s "usr/$each" "$system/$each"; done
chmod 1777 "$system/tmp"
ln -s ../run "$system/var/run" # libvirt's socket
cp --no-preserve=mode "$here"/etc/* "$system/etc/"
cp "$from"/etc/ld.so.conf "$system/etc/"
cp "$from"/etc/ld.so.conf.d/* "$system/etc/ld.so.conf.d/"
tar -C "$from" -c --exclude='*/'{test,pydoc_data,idlelib,lib2to3,ensurepip,turtledemo,tkinter} \
  "usr/lib/$python" | tar -C "$system" -x
(cd "$from" && cp --recursive --parents --target-directory="$system" usr/lib/python3/dist-packages/*libvirt*)
# Debian's is a link to a file of /etc, and is not to be followed.
install --no-target-directory "$here/sitecustomize.py" "$system/usr/lib/$python/sitecustomize.py.new"
mv "$system/usr/lib/$python/sitecustomize.py.new" "$system/usr/lib/$python/sitecustomize.py"
rm -f "$system/usr/lib/$python/__pycache__"/sitecustomize.*

# Found by their names while it runs: by the linker's cache, which ctypes asks.
opened=$(cd "$from" && find usr/lib/*-linux-gnu* -maxdepth 1 -type l -name 'libpcap.so.*' -o -type l -name 'libnftables.so.*')
linked=$(cd "$from" && find "usr/lib/$python" usr/lib/python3/dist-packages "$packages" -name '*.so')
# shellcheck disable=SC2046,SC2086 # one path a word
copy_with_libraries "$from" "$system" "/usr/bin/$python" /sbin/ldconfig $(printf '/%s ' $opened $linked)
rm -rf "${system:?}/usr/local"
chroot "$system" /sbin/ldconfig

mkdir -p "$to/packages" "$to/suite/$packages" "$to/suite/usr/bin"
(cd "$from" && cp --recursive --parents --target-directory="$to/packages" "$packages")
mv "$to/packages/$packages"/edgeboot* "$to/suite/$packages/"
install "$here/edgeboot" "$to/suite/usr/bin/"

mkdir -p "$to/suite/usr/share/edgeboot"
python3 "$here/sbom.py" "$from" "$to" >"$to/suite/usr/share/edgeboot/sbom.cdx.json"

# Another user than root has the two capabilities by those of its program, and of no other: see sitecustomize.py.
setcap cap_net_raw,cap_net_admin=p "$system/usr/bin/$python"
chown -R 65532:65532 "$system/home/edgeboot" "$system/var/lib/edgeboot"
