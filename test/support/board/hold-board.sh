#!/bin/sh
# A board with a systemd of its own, which boots, reboots and ends with this script. Started in a network and a mount namespace of its own; what it
# is to be is in its environment (board-machine.ts). Says its process id, waits for the line that says that the network is there, boots, says whose
# child systemd-nspawn is, and pulls the plug when its standard input ends: with whoever started it. Nothing on this machine's disks is
# written to: what the board writes lies in memory, over the tree that all boards share.
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
echo $$
read -r _ || exit 0
ip link set lo up

# A hierarchy of control groups as systemd wants it, whatever this machine has; the board's processes are in a group of their own.
mount -t cgroup2 none /sys/fs/cgroup
for left in /sys/fs/cgroup/dedgeai-board-*; do
  [ ! -d "$left" ] || find "$left" -depth -type d -exec rmdir {} + 2>/dev/null || :
done
group=/sys/fs/cgroup/dedgeai-board-$$
mkdir "$group"
echo $$ >"$group/cgroup.procs"

mount -t tmpfs tmpfs "$BOARD_DIR"
mkdir "$BOARD_DIR/written" "$BOARD_DIR/work" "$BOARD_DIR/root"
mount -t overlay overlay -o "lowerdir=$BOARD_TREE,upperdir=$BOARD_DIR/written,workdir=$BOARD_DIR/work" "$BOARD_DIR/root"
root=$BOARD_DIR/root
rm -f "$root/etc/machine-id"
: >"$root/etc/machine-id"
echo "$HOST_NAME" >"$root/etc/hostname"
printf '127.0.0.1 localhost %s\n' "$HOST_NAME" >"$root/etc/hosts"
printf '%s\n' "$HOST_KEY" >"$root/etc/ssh/ssh_host_ed25519_key"
chmod 600 "$root/etc/ssh/ssh_host_ed25519_key"
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\n' >"$root/etc/ssh/sshd_config.d/board.conf"
chroot "$root" useradd --create-home --shell /bin/bash "$ACCOUNT"
printf '%s:%s\n' "$ACCOUNT" "$PASSWORD" | chroot "$root" chpasswd
mkdir -m 700 "$root/home/$ACCOUNT/.ssh"
printf '%s\n' "$AUTHORIZED_KEY" >"$root/home/$ACCOUNT/.ssh/authorized_keys"
chroot "$root" chown -R "$ACCOUNT:" "/home/$ACCOUNT/.ssh"
unset PASSWORD HOST_KEY

# Without the right to set the clock, as nspawn has it; the rest of root's is the board's. Status 133 asks to be started again: a reboot.
boot() {
  while :; do
    status=0
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --boot --directory="$root" --machine="$HOST_NAME" --register=no --keep-unit \
      --resolv-conf=off --timezone=off --link-journal=no --console=pipe --network-namespace-path=/proc/self/ns/net \
      </dev/null >>"$BOARD_LOG" 2>&1 || status=$?
    [ "$status" = 133 ] || exit "$status"
  done
}
boot &
echo $!

end() {
  echo $$ >/sys/fs/cgroup/cgroup.procs
  echo 1 >"$group/cgroup.kill"
  for try in 1 2 3 4 5 6 7 8 9 10; do
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.1
  done
}
trap end EXIT
trap 'exit 143' TERM INT HUP
cat >/dev/null
