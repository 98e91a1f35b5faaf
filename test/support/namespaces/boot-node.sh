#!/bin/sh
# The first process of a node, in namespaces of its own (hold-node.sh): file systems and accounts that are this node's alone, then its SSH
# server. What it is to be is in its environment (namespaced-node.ts). Nothing of it outlives the namespaces, and nothing on this machine's
# disks is written to but the folder of the node.
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

own() { mount -t tmpfs -o "mode=755${2:+,$2}" tmpfs "$1"; }
give() { touch "$2" && mount --bind "$1" "$2"; }

hostname "$HOST_NAME"
ip link set lo up

mkdir "$NODE_DIR/etc"
own "$NODE_DIR/etc"
cp -a /etc/. "$NODE_DIR/etc"
mount --bind "$NODE_DIR/etc" /etc
own /run
mkdir /run/sshd
# faketime keeps what processes share there, by process ids, which nodes have in common.
own /dev/shm
chmod 1777 /dev/shm
own /home "$HOME_OPTIONS"
# Sessions, lectures and logs are the node's too; programs that someone has added to this machine are not.
for folder in /var/log /var/lib/sudo /usr/local/bin; do
  [ ! -d "$folder" ] || own "$folder"
done

if [ "$ACCOUNT" = root ]; then
  sed -i 's#^root:.*#root:x:0:0:root:/home/root:/bin/bash#' /etc/passwd
  mkdir -m 700 /home/root
else
  useradd --no-log-init --create-home --home-dir "/home/$ACCOUNT" --shell /bin/bash "$ACCOUNT"
fi
chpasswd <"$NODE_DIR/password"
rm "$NODE_DIR/password"
if [ -f "$NODE_DIR/authorized_keys" ]; then
  mkdir -m 700 "/home/$ACCOUNT/.ssh"
  install -m 600 "$NODE_DIR/authorized_keys" "/home/$ACCOUNT/.ssh/authorized_keys"
  chown -R "$ACCOUNT:" "/home/$ACCOUNT/.ssh"
fi
if [ -n "$SUDO_RULE" ]; then
  printf 'Defaults logfile=/run/sudo.log\n%s ALL=(ALL) %s\n' "$ACCOUNT" "$SUDO_RULE" >/etc/sudoers.d/account
  chmod 440 /etc/sudoers.d/account
fi

: >"$NODE_DIR/nothing"
for path in $HIDDEN; do
  if [ -d "$path" ]; then own "$path"; elif [ -e "$path" ]; then mount --bind "$NODE_DIR/nothing" "$path"; fi
done
if [ -n "$PYTHON" ]; then
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$PYTHON" >/usr/local/bin/python3
  chmod 755 /usr/local/bin/python3
fi
[ -z "$NODE_JS" ] || give "$NODE_JS" /usr/local/bin/node

if [ -n "$CLOCK" ]; then
  cp /bin/date "$NODE_DIR/date"
  sed "s#@DATE@#$NODE_DIR/date#" "$(dirname "$0")/set-calendar.sh" >"$NODE_DIR/set-calendar"
  chmod 755 "$NODE_DIR/set-calendar"
  mount --bind "$NODE_DIR/set-calendar" "$(readlink -f /bin/date)"
  echo "$CLOCK" >/etc/faketimerc
  echo "$FAKETIME_LIBRARY" >/etc/ld.so.preload
fi

# Whoever becomes root in there does not set the clock of this machine.
exec setpriv --bounding-set=-sys_time "$SSHD" -D -e -f "$NODE_DIR/sshd_config"
