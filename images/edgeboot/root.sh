#!/bin/bash
# Lays out the image's root file system but for the suite, in two parts that change seldom.
#
# usage: root.sh FROM TO
#   FROM  a root file system that has the packages of debian-packages installed, and packages.sh's
#         in /usr/local/lib/python3.11/dist-packages
#   TO    gets the folders system and packages: the image is both, one over the other, and suite.sh's
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
from=$(realpath "$1") to=$(realpath --canonicalize-missing "$2")
python=python3.11
packages=usr/local/lib/$python/dist-packages
# shellcheck source=../libraries.sh
. "$here/../libraries.sh"
umask 022

# Compiled beforehand, as the root file system cannot be written later. Nothing compares the times of
# source and bytecode: an image has its own. A package may have files for other versions of Python.
chroot "$from" "$python" -m compileall -q -j 0 --invalidation-mode unchecked-hash \
  "/usr/lib/$python" /usr/lib/python3/dist-packages "/$packages" || true

# Debian's part: Python, libvirt's binding, the libraries of both and of the wheels.
system=$to/system
mkdir -p "$system"/{run,tmp,proc,sys,dev,etc/edgeboot,etc/ld.so.conf.d,home/edgeboot,var/lib/edgeboot} \
  "$system"/usr/{bin,sbin,lib/python3/dist-packages,lib64}
for each in bin sbin lib lib64; do ln -s "usr/$each" "$system/$each"; done
chmod 1777 "$system/tmp"
ln -s ../run "$system/var/run" # libvirt's socket
cp --no-preserve=mode "$here"/etc/* "$system/etc/"
cp "$from"/etc/ld.so.conf "$system/etc/"
cp "$from"/etc/ld.so.conf.d/* "$system/etc/ld.so.conf.d/"
tar -C "$from" -c --exclude='*/'{test,pydoc_data,idlelib,lib2to3,ensurepip,turtledemo,tkinter} \
  --exclude="usr/lib/$python/sitecustomize.py" "usr/lib/$python" | tar -C "$system" -x
(cd "$from" && cp -r --parents --target-directory="$system" usr/lib/python3/dist-packages/*libvirt*)
rm -f "$system/usr/lib/$python/__pycache__"/sitecustomize.*
cp "$here/sitecustomize.py" "$system/usr/lib/$python/"

# Found by their names while it runs: by the linker's cache, which ctypes asks.
opened=$(cd "$from" && find usr/lib/*-linux-gnu* -maxdepth 1 -type l '(' -name 'libpcap.so.*' -o -name 'libnftables.so.*' ')')
linked=$(cd "$from" && find "usr/lib/$python" usr/lib/python3/dist-packages "$packages" -name '*.so')
# shellcheck disable=SC2046,SC2086 # one path a word
copy_with_libraries "$from" "$system" "/usr/bin/$python" /sbin/ldconfig $(printf '/%s ' $opened $linked)
rm -rf "${system:?}/usr/local"
chroot "$system" /sbin/ldconfig

mkdir -p "$to/packages"
(cd "$from" && cp -r --parents --target-directory="$to/packages" "$packages")

# Another user than root has the two capabilities by those of its program, and of no other: see sitecustomize.py.
setcap cap_net_raw,cap_net_admin=p "$system/usr/bin/$python"
chown -R 65532:65532 "$system/home/edgeboot" "$system/var/lib/edgeboot"
