// Puts the program's public key on a node, with a password that is used once and kept nowhere.
import { AppError } from '../../../../shared/errors.js';
import { shellQuote } from '../../../adapters/ssh/shell-quote.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { NodeConnector } from './node-connector.js';

export interface NodeAuthorizerOptions {
  testbeds: TestbedRepository;
  connector: NodeConnector;
  /** A line of authorized_keys. */
  publicKeyLine: () => string;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
  /** Hears of the password before anything is done with it. */
  seenSecret?: (secret: string) => void;
}

/** `unchanged`: the key was there already. */
export interface AuthorizeOutcome {
  state: 'added' | 'unchanged';
}

export class NodeAuthorizer {
  readonly #options: NodeAuthorizerOptions;

  constructor(options: NodeAuthorizerOptions) {
    this.#options = options;
  }

  /**
   * The password leaves only after the host key was found good. Throws why the node was not reached, `invalid-input` for a virtual one, and
   * `io` where the file can't be written.
   */
  async authorize({ nodeId, password }: { nodeId: string; password: string }, signal: AbortSignal): Promise<AuthorizeOutcome> {
    const { testbeds, connector, publicKeyLine, recordEvent, seenSecret } = this.#options;
    seenSecret?.(password);
    const node = testbeds.getNode(nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${nodeId}”.`, 'List the testbeds to see their nodes.');
    if (node.kind === 'virtual') {
      throw new AppError('invalid-input', `Node "${node.name}" is virtual and has the key already.`, 'Choose a node reached over SSH.');
    }
    const logins = [{ kind: 'password', password, description: 'password' } as const];
    const outcome = await connector.connect(node, { acceptNew: false, signal, logins });
    if (outcome.kind !== 'connected') throw outcome.error;
    const { connection } = outcome;
    try {
      const { code, stdout, stderr } = await connection.exec(authorizeCommand(publicKeyLine()), { signal });
      const state = stdout.trim().split('\n').at(-1);
      if (code !== 0 || (state !== 'added' && state !== 'unchanged')) {
        throw new AppError(
          'io',
          `Node "${node.name}" could not keep the key in ~/.ssh/authorized_keys: ${printable(stderr) || 'no reason given'}`,
          `Check owner and permissions of the home folder of "${node.user}" there.`,
        );
      }
      const what =
        state === 'added'
          ? `Put the program's public key on node "${node.name}"`
          : `Node "${node.name}" has the program's public key already`;
      recordEvent({ kind: 'node-authorized', subjectId: node.id, message: `${what} (user ${node.user}).` });
      return { state };
    } finally {
      connection.close();
    }
  }
}

/** Appends the line once, on a line of its own, with the modes that sshd asks for; prints `added` or `unchanged`. */
function authorizeCommand(publicKeyLine: string): string {
  const [keyType = '', keyBase64 = ''] = publicKeyLine.trim().split(' ');
  return [
    'umask 077',
    'mkdir -p ~/.ssh && chmod 700 ~/.ssh || exit 3',
    'file=~/.ssh/authorized_keys',
    '[ -e "$file" ] || : > "$file" || exit 3',
    `if grep -qF -- ${shellQuote(`${keyType} ${keyBase64}`)} "$file"; then state=unchanged; else`,
    // A last line without an end would swallow the key.
    '[ -z "$(tail -c 1 "$file")" ] || echo >> "$file"',
    `printf '%s\\n' ${shellQuote(publicKeyLine.trim())} >> "$file" || exit 4`,
    'state=added; fi',
    'chmod 600 "$file" && echo "$state"',
  ].join('\n');
}
