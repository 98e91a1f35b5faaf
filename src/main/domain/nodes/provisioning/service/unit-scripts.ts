// What systemd is given of a unit, the same for a user's manager and the system's.

/** Real ms for a start that bounds its own wait. */
export const START_TIMEOUT_MS = 90_000;

/**
 * Enables and (re)starts a unit whose file is new; systemd says when the agent is ready. One that does not start is stopped, and the script
 * ends with the agent's own status. `folder` is the agent's, as a word of the shell.
 */
export function restartUnitScript({ systemctl, unit, folder }: { systemctl: string; unit: string; folder: string }): string {
  return `${systemctl} daemon-reload && ${systemctl} enable ${unit} || exit 1
rm -f ${folder}/agent.ready
${systemctl} restart ${unit} || {
  status=$(${systemctl} show --property ExecMainStatus --value ${unit})
  ${systemctl} disable --now ${unit}
  ${systemctl} reset-failed ${unit}
  tail -n 20 ${folder}/agent.log >&2 2>/dev/null || echo "systemd could not start ${unit}, status $status; journalctl has the reason" >&2
  case $status in '' | 0) status=1 ;; esac
  exit "$status"
}`;
}
