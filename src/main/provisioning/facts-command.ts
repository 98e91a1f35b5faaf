// What is asked of a node: one command, no root, one `key=value` line a fact; a tool that is missing leaves its value empty.

/** Shell function that prints the path of the node's Node.js, also where a non-interactive login has it not on its PATH. */
export const FIND_NODE_SHELL_FUNCTION = `find_node() {
  for candidate in "$(command -v node 2>/dev/null)" "$HOME/.dedgeai/node/bin/node" /usr/local/bin/node /opt/node/bin/node "$HOME"/.nvm/versions/node/*/bin/node; do
    if [ -x "$candidate" ]; then printf '%s' "$candidate"; return 0; fi
  done
  return 1
}`;

export const FACTS_COMMAND = `LC_ALL=C; export LC_ALL
${FIND_NODE_SHELL_FUNCTION}
say() { printf '%s=%s\\n' "$1" "$(printf '%s' "$2" | tr '\\n\\r' '  ' | cut -c 1-300)"; }
say hostname "$(uname -n 2>/dev/null)"
say os "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')"
say kernel "$(uname -sr 2>/dev/null)"
say architecture "$(uname -m 2>/dev/null)"
say model "$(cat /proc/device-tree/model 2>/dev/null | tr -d '\\000' || true)"
say product "$(cat /sys/devices/virtual/dmi/id/product_name 2>/dev/null)"
say l4t "$(head -n 1 /etc/nv_tegra_release 2>/dev/null)"
say l4t_core "$(dpkg-query --showformat='\${Version}' --show nvidia-l4t-core 2>/dev/null)"
say cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)"
say memory_total_kb "$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo 2>/dev/null)"
say memory_available_kb "$(sed -n 's/^MemAvailable: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo 2>/dev/null)"
say disk_free_kb "$(df -Pk "$HOME" 2>/dev/null | awk 'NR == 2 { print $4 }')"
say node "$("$(find_node)" --version 2>/dev/null)"
exit 0
`;
