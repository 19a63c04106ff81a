#!/bin/bash
# Lays out the image's root file system: dnsmasq, its libraries, and the few files it reads.
#
# usage: root.sh FROM TO
#   FROM  a root file system that has dnsmasq-base unpacked
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
from=$1 to=$2
# shellcheck source=../libraries.sh
. "$here/../libraries.sh"

umask 022
mkdir -p "$to"/{run,tmp,var/lib/misc}
chmod 1777 "$to/tmp"
ln -s ../run "$to/var/run" # its pid file
cp -r --no-preserve=mode "$here/etc" "$to/etc"
copy_with_libraries "$from" "$to" /usr/sbin/dnsmasq
