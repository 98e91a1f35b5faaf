#!/bin/sh
# The file system of a board as it comes out of its box, for the tests in test/slow/board: Debian with systemd, an SSH server, sudo, polkit and perl, and
# nothing that this program needs besides. Fetched once, by mmdebstrap, as root, from Debian's
# own mirror or the one that DEBIAN_MIRROR names. Argument: the folder, which is made; `.cache/board-tree` when absent.
set -eu
tree=${1:-"$(dirname "$0")/../../../.cache/board-tree"}
packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,polkitd,openssh-server,sudo,python3-minimal,procps,iproute2
[ ! -e "$tree" ] || { echo "$tree is there already" >&2; exit 1; }
mkdir -p "$(dirname "$tree")"
trap 'rm -rf "$tree.part"' EXIT
mmdebstrap --variant=minbase --include="$packages" bookworm "$tree.part" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
mv "$tree.part" "$tree"
