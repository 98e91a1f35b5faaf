// `npm run cli -- node trust`: looks at the key that is shown now and records it only when it is the one that the user has compared.
import { AppError } from '../../../shared/errors.js';
import type { TestbedNode } from '../../../shared/testbed.js';
import type { Session } from './session.js';

export interface TrustOptions {
  fingerprint: string;
  replace: boolean;
}

/** Throws `conflict` when another key is shown, and `host-key-changed` when one is on record and `replace` is not given. */
export async function trustNode({ api, terminal }: Session, node: TestbedNode, { fingerprint, replace }: TrustOptions): Promise<void> {
  const probe = await api.hostKeys.probe({ id: node.id });
  const { question } = probe;
  if (!question) {
    if (probe.fingerprint !== fingerprint) {
      throw new AppError(
        'conflict',
        `Node "${node.name}" shows ${probe.fingerprint}, which is trusted already, not ${fingerprint}.`,
        'Nothing is to do if you meant this node; else look at its address.',
      );
    }
    terminal.result(
      { nodeId: node.id, ...probe, state: 'unchanged', remainingIn: null },
      `The key of node ${node.name} is trusted already.`,
    );
    return;
  }
  const { remainingIn } = await api.hostKeys.answer({ nodeId: node.id, fingerprint, replace });
  const { host, port, keyType } = question;
  const state = question.recordedFingerprint === null ? 'recorded' : 'replaced';
  const isHop = host !== (node.sshRoute?.hostKeyAlias ?? node.host) || port !== node.port;
  const remarks = [
    ...(remainingIn === null ? [] : [`Another key of it still is in ${remainingIn}; this program only reads that file.`]),
    ...(isHop ? [`It is on the way to node ${node.name}: run the command again for the next key.`] : []),
  ];
  terminal.result(
    { nodeId: node.id, host, port, keyType, fingerprint, state, remainingIn },
    [`Trusted ${keyType} ${fingerprint} of ${host}, port ${port} (${state}).`, ...remarks].join('\n'),
  );
}
