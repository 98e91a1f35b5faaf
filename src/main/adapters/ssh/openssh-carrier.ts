// Scripts on a node over OpenSSH's own `ssh`: native code for what carries much, by the same verified keys and the same logins as the
// connections of this program. Each script is a connection of its own. Nothing that `ssh` is given holds a secret.
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { type LoginAgent, serveLogins } from './login-agent.js';
import { makeOpenSshFolder, removeOpenSshFolder } from './openssh-folder.js';
import { agentSocketName, CONFIG_FILE, setUpOpenSsh, whyNotOpenSsh } from './openssh-setup.js';
import { type ExecOptions, type ExecResult, runScript, type ScriptCarrier } from './ssh-exec.js';
import { describeLogins } from './ssh-logins.js';
import type { ResolvedSshRoute } from './ssh-route.js';

export interface OpenSshCarrier {
  /** As `SshConnection.exec`; where `ssh` does not get as far as the script, it throws before the script has started. */
  exec(script: string, options?: ExecOptions): Promise<ExecResult>;
  close(): void;
}

/** Connects to nothing. A reason why `ssh` can't go this way, to stand behind "because", where that is known. */
export async function openOpenSshCarrier(program: string, route: ResolvedSshRoute): Promise<OpenSshCarrier | { why: string }> {
  const folder = makeOpenSshFolder();
  const agents: LoginAgent[] = [];
  const close = (): void => {
    for (const agent of agents) agent.close();
    removeOpenSshFolder(folder);
  };
  try {
    const why = whyNotOpenSsh(route, folder);
    if (why !== null) {
      close();
      return { why };
    }
    const { files, destination } = setUpOpenSsh(route, folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
    for (const [index, { logins }] of route.entries()) {
      agents.push(
        await serveLogins(
          join(folder, agentSocketName(index)),
          logins.filter((login) => login.kind !== 'password'),
        ),
      );
    }
    const carrier = carrierFor(program, route, ['-F', join(folder, CONFIG_FILE), '-T', '--', destination]);
    return { exec: (script, options = {}) => runScript(carrier, script, options), close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

function carrierFor(program: string, route: ResolvedSshRoute, words: string[]): ScriptCarrier {
  const { host, port, user, logins } = route.at(-1)!;
  // What else is in the environment may change what `ssh` does: agents, askpass programs, languages.
  const env = { PATH: process.env['PATH'] ?? '', HOME: homedir(), LC_ALL: 'C' };
  return {
    openSsh: { program, words, env },
    endpoint: { host, port, user, loginDescription: describeLogins(logins) },
    lostError: (said) =>
      new AppError(
        'ssh-unreachable',
        `The connection of ${program} to ${host}, port ${port}, broke or did not come about${said === '' ? '' : `: ${said}`}.`,
        'Check that the node is still switched on and reachable, then try again.',
      ),
  };
}
