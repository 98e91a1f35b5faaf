// `npm run cli -- node key` and `node authorize`: the program's public key, and how it comes onto a node.
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import type { TestbedNode } from '../../../shared/testbed.js';
import { chooseNode } from './choose-defaults.js';
import { askHidden, canAsk } from './secret-input.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import type { Terminal } from './terminal.js';

interface AuthorizeOptions extends CommonOptions {
  passwordStdin: boolean;
}

export function addKeyCommands(node: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  node
    .command('key')
    .description("print the program's public key, a line for ~/.ssh/authorized_keys on the nodes")
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const { sshPublicKeyLine } = await api.app.info();
          terminal.result({ publicKey: sshPublicKeyLine }, sshPublicKeyLine);
          return 0;
        }),
      ),
    );

  node
    .command('authorize')
    .description("put the program's public key on a node, once, with a password that is asked for and not kept")
    .argument('[node]', 'name or id; the only one where it is left out')
    .option('--password-stdin', 'the next line of standard input is the password', false)
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<AuthorizeOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = await chooseNode(session, nameOrId);
          const password = await readPassword(session, found, options);
          const { state } = await session.api.credentials.authorizeNode({ nodeId: found.id, password });
          const what = state === 'added' ? 'has the key now' : 'had the key already';
          session.terminal.result({ nodeId: found.id, state }, `Node ${found.name} ${what}.`);
          if (found.auth !== 'program-key') {
            session.terminal.note(`It is still logged in to otherwise: npm run cli -- node login ${found.name} --auth program-key`);
          }
          return 0;
        });
      }),
    );
}

/** How the program gets into a node that was just added. */
export function noteProgramKey(terminal: Terminal, { name, user, auth }: TestbedNode): void {
  if (auth !== 'program-key') return;
  terminal.note(
    `It is logged in to with the control center's key, which has to be in ~${user}/.ssh/authorized_keys there: ` +
      `"npm run cli -- node authorize '${name}'" puts it there with a password, "npm run cli -- node key" prints it.`,
  );
}

async function readPassword({ stdinLines }: Session, { user, host }: TestbedNode, options: AuthorizeOptions): Promise<string> {
  if (options.passwordStdin) return stdinLines.next('the password');
  const answer = await askHidden(`Password of ${user}@${host}, used once`);
  if (answer !== null) return answer;
  const hint = canAsk() ? 'Type it.' : 'Write it to standard input and add --password-stdin.';
  throw new AppError('invalid-input', 'No password was given.', hint);
}
