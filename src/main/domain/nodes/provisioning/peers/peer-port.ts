// A node's agent port, open for as long as the others knock: by a program of the node that ends with its input, or by what listens there already.
import { toErrorShape } from '../../../../../shared/errors.js';
import { silentInput } from '../../../../adapters/ssh/silent-input.js';
import type { SshConnection } from '../../../../adapters/ssh/ssh-connection.js';
import { listenScript } from './peer-scripts.js';
import { LISTEN_STATUSES, LISTENING } from './peer-tools.js';

export interface PeerPort {
  /** Why nothing can be behind the port; null where something listens. */
  why: string | null;
  /** Resolves when the program on the node has ended. */
  close(): Promise<void>;
}

export interface OpenPeerPortOptions {
  connection: Pick<SshConnection, 'exec'>;
  nodeName: string;
  port: number;
  family: 4 | 6;
  /** Real seconds after which the program ends by itself. */
  seconds: number;
  signal: AbortSignal;
}

/** Resolves once it is known whether something listens. Never throws. */
export async function openPeerPort({ connection, nodeName, port, family, seconds, signal }: OpenPeerPortOptions): Promise<PeerPort> {
  const released = Promise.withResolvers<null>();
  const opened = Promise.withResolvers<null>();
  let said = '';
  const ended = connection
    .exec(listenScript({ port, family, seconds }), {
      stdin: silentInput(released.promise),
      signal,
      timeoutMs: (seconds + 30) * 1000,
      onOutput: (chunk, stream) => {
        if (stream === 'stdout') said += chunk;
        if (said.includes(LISTENING)) opened.resolve(null);
      },
    })
    .then(
      ({ code }) => whyNotOpen(code, nodeName, port),
      (thrown: unknown) => toErrorShape(thrown).message,
    );
  const why = await Promise.race([opened.promise, ended]);
  return {
    why,
    close: async () => {
      released.resolve(null);
      await ended;
    },
  };
}

function whyNotOpen(code: number | null, nodeName: string, port: number): string | null {
  switch (code) {
    case LISTEN_STATUSES.taken:
      return null;
    case LISTEN_STATUSES.notAllowed:
      return `${nodeName} does not let its account open port ${port}.`;
    case LISTEN_STATUSES.noTool:
      return `${nodeName} has neither perl nor Python nor Node.js to open port ${port} with; once it is provisioned its agent answers.`;
    default:
      return `${nodeName} could not open port ${port}${code === null ? '' : ` (status ${code})`}.`;
  }
}
