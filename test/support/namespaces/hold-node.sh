#!/bin/sh
# Started in a network namespace of its own, argument: the folder of the node. Says its process id, waits for the line that says that the network
# is there, starts the machine in the other namespaces, says their id, and ends it all when its standard input ends: with whoever started it.
echo $$
read -r _ || exit 0
unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc /bin/sh "$(dirname "$0")/boot-node.sh" </dev/null >/dev/null &
machine=$!
trap 'kill -9 "$machine" 2>/dev/null' EXIT
trap 'exit 143' TERM INT HUP
echo "$machine"
cat >/dev/null
