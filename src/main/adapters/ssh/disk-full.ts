// Whether a write failed because the disk is full: tried, not read out of messages, which every tool and language words in its own way.
import type { SshConnection } from './ssh-connection.js';
import { shellQuote } from './shell-quote.js';

/** Status of our scripts when the disk, or what the account may use of it, is full: the number that Linux has for it. */
export const NO_SPACE_STATUS = 28;

/**
 * Shell function: whether a folder that may be written to takes no 64 KiB more. Of a folder that is not there, read-only or not ours it says no.
 * Nothing of the attempt stays.
 */
export const IS_FULL_SHELL_FUNCTION = `is_full() {
  [ -d "$1" ] && [ -w "$1" ] || return 1
  dd if=/dev/zero of="$1/.dedgeai-room.$$" bs=65536 count=1 conv=fsync 2>/dev/null
  took=$?
  rm -f -- "$1/.dedgeai-room.$$"
  [ "$took" -ne 0 ]
}`;

/** Looked at after a script has failed; false where the node can't be asked any more. Folders are relative to the home folder. */
export async function isDiskFull(connection: Pick<SshConnection, 'exec'>, folders: readonly string[]): Promise<boolean> {
  const script = [IS_FULL_SHELL_FUNCTION, folders.map((folder) => `is_full ${shellQuote(folder)}`).join(' || ')].join('\n');
  return connection.exec(script).then(
    ({ code }) => code === 0,
    () => false,
  );
}
