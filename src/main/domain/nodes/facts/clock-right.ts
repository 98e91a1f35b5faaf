// Whether the account may set the node's clock, and by which program: what puts it there is clocks/clock-scripts.ts.

/** One for each account, since each may have another control center. Only root can write there. */
export function clockHelperPath(uid: number): string {
  return `/usr/libexec/dedgeai-set-clock-${uid}`;
}

/** Shell function that runs the program of the account with its arguments, as root and without a password. */
export const CLOCK_HELPER_SHELL_FUNCTION = `run_clock_helper() {
  helper=/usr/libexec/dedgeai-set-clock-$(id -u)
  [ -x "$helper" ] || return 1
  if [ "$(id -u)" = 0 ]; then "$helper" "$1"; else sudo -n "$helper" "$1" </dev/null; fi
}`;

/** Prints `yes` where the account may set the clock by itself. For a node's facts. */
export const ASK_CLOCK_RIGHT = `${CLOCK_HELPER_SHELL_FUNCTION}
run_clock_helper check >/dev/null 2>&1 && echo yes
:`;
