import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';

import type { AgentClient } from '../../../src/main/adapters/agents/agent-client.js';
import { toAgentError } from '../../../src/main/adapters/agents/agent-errors.js';
import { keepTrust } from '../../../src/main/adapters/agents/keep-trust.js';
import { AppError } from '../../../src/shared/errors.js';

const NEVER = new AbortController().signal;
const nothingToRenew = () => Promise.resolve({ certificate: null, problem: null });

/** An agent with a roster of this version, as far as `keepTrust` asks. */
function agentWith(over: Partial<AgentClient>, certificate = new Uint8Array([1])): AgentClient {
  return { describe: () => Promise.resolve({ rosterVersion: 3, certificate }), ...over } as AgentClient;
}

describe('keepTrust', () => {
  it('sends the list of the moment again when another message was faster, never the one that came late', async () => {
    const sent: { replacesVersion: number; nodeIds: string[] }[] = [];
    let nodeIds = ['a', 'b', 'removed'];
    const client = agentWith({
      setRoster: (roster) => {
        sent.push(roster);
        nodeIds = ['a', 'b'];
        return Promise.resolve({ version: 4, isTaken: roster.replacesVersion === 4 });
      },
    });
    const trust = await keepTrust(client, { nodeIds: () => nodeIds, renew: nothingToRenew }, NEVER);
    expect(sent).toEqual([
      { replacesVersion: 3, nodeIds: ['a', 'b', 'removed'] },
      { replacesVersion: 4, nodeIds: ['a', 'b'] },
    ]);
    expect(trust).toEqual({ nodeIds: ['a', 'b'], isTaken: true, problem: null });
  });

  it('does not continue for ever beside someone else who writes', async () => {
    let version = 3;
    const client = agentWith({ setRoster: () => Promise.resolve({ version: ++version, isTaken: false }) });
    const trust = await keepTrust(client, { nodeIds: () => ['a'], renew: nothingToRenew }, NEVER);
    expect(trust).toMatchObject({ isTaken: false, problem: expect.stringContaining('by someone else') as string });
  });

  it('leaves the line to an agent that is older, and says what it lacks', async () => {
    const unknownCall = new ConnectError('no such method', Code.Unimplemented);
    const older = toAgentError(unknownCall, { nodeId: 'a', host: '127.0.0.1', port: 1 });
    const client = agentWith({ setRoster: () => Promise.reject(older) }, new Uint8Array());
    const trust = await keepTrust(client, { nodeIds: () => ['a'], renew: nothingToRenew }, NEVER);
    expect(trust).toMatchObject({
      isTaken: false,
      problem: expect.stringMatching(/older than this program.*Provision the node again/) as string,
    });
  });

  it('says that a roster is not on disk, and renews nevertheless', async () => {
    const renewed: Uint8Array[] = [];
    const client = agentWith({
      setRoster: () => Promise.reject(new AppError('agent-failed', 'not kept on disk: ENOSPC')),
      renewCertificate: (certificate) => Promise.resolve(void renewed.push(certificate)),
    });
    const renew = () => Promise.resolve({ certificate: new Uint8Array([2]), problem: null });
    const { problem } = await keepTrust(client, { nodeIds: () => ['a'], renew }, NEVER);
    expect(problem).toContain('ENOSPC');
    expect(renewed).toEqual([new Uint8Array([2])]);
  });

  it('throws when the line breaks', async () => {
    const broken = new AppError('agent-unreachable', 'gone');
    const client = agentWith({ setRoster: () => Promise.reject(broken) });
    await expect(keepTrust(client, { nodeIds: () => ['a'], renew: nothingToRenew }, NEVER)).rejects.toBe(broken);
  });
});
