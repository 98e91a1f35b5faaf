// Commands on a node as root: directly, or by sudo with its password on standard input and nowhere else.
import { AppError } from '../../../../../shared/errors.js';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import type { ExecResult } from '../../../../adapters/ssh/ssh-exec.js';
import type { NodeSession } from '../node-session.js';
import type { RootAccess } from './find-service.js';

/** Resolves with any exit status of the script. Throws `ssh-auth-failed` when sudo does not take the password, `unsupported` without one. */
export async function attemptAsRoot(session: NodeSession, access: RootAccess, script: string): Promise<ExecResult> {
  // The script must not read what is meant for sudo, nor a password that sudo did not ask for.
  const command = `/bin/sh -c ${shellQuote(`exec </dev/null\n${script}`)}`;
  if (access === 'root') return session.attempt(command);
  if (access === 'free') return session.attempt(`sudo -n ${command}`);
  const { name, id, user } = session.node;
  const password = access === 'password' ? await session.tools.secrets.sudoPassword(id) : null;
  if (password === null) {
    throw new AppError(
      'unsupported',
      `Node "${name}" needs the sudo password of ${user}.`,
      "Give it for this node, or choose the user's systemd.",
    );
  }
  const result = await session.attempt(`sudo -S -p '' ${command}`, { stdin: Buffer.from(`${password}\n`) });
  if (result.code !== 0 && /incorrect password|sorry, try again|no password was provided/i.test(result.stderr)) {
    throw new AppError(
      'ssh-auth-failed',
      `sudo on node "${name}" refused the password of ${user}.`,
      'Give the right sudo password for this node.',
    );
  }
  return result;
}

/** As `attemptAsRoot`, and throws when the script fails. `what`: in words that follow "could not". */
export async function runAsRoot(session: NodeSession, access: RootAccess, what: string, script: string): Promise<string> {
  const result = await attemptAsRoot(session, access, script);
  if (result.code !== 0) throw session.commandError(what, result);
  return result.stdout;
}
