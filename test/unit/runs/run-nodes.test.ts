import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AgentClient } from '../../../src/main/adapters/agents/agent-client.js';
import { NodeTalks } from '../../../src/main/domain/runs/node-talks.js';
import { RunNodes } from '../../../src/main/domain/runs/run-nodes.js';
import { buildRun } from '../../support/storage-fixtures.js';

const LEASE_TIMEOUT_MS = 2_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function open() {
  const said: string[] = [];
  const configured: unknown[] = [];
  let answer = (): void => undefined;
  const client = {
    configure: (request: unknown) =>
      configured.push(request) > 0 && new Promise((resolve) => (answer = () => resolve({ knownLeases: [] }))),
    setHold: () => Promise.resolve(),
  } as unknown as AgentClient;
  const nodes = new RunNodes({
    ...{
      peers: [{ nodeId: 'node-1', name: 'ES 1', host: '127.0.0.1', port: 1, calibrated: { fixedSec: 2, secPerStep: 0.5 } }],
      runId: 'run',
      talks: new NodeTalks(),
    },
    ...{
      connections: { attach: () => () => undefined, connectedClient: () => client },
      spec: buildRun().spec,
      leaseTimeoutMs: LEASE_TIMEOUT_MS,
    },
    ...{
      learnedPolicyOf: () => null,
      keepsExperience: false,
      elapsedMs: () => 0,
      stoodStillMs: () => 0,
      isHeld: () => false,
      leasesAt: () => [],
    },
    ...{ heldThere: () => Promise.resolve(), configured: () => Promise.resolve(), listed: () => Promise.resolve() },
    ready: () => said.push('ready'),
    lost: ({ nodeId }) => said.push(`${nodeId} lost`),
    stillLost: () => undefined,
    cutOff: () => said.push('cut off'),
  });
  const connect = (): Promise<void> => nodes.connected('node-1', client, new AbortController().signal);
  /** Also lets what was to be said before this be said. */
  const notified = async (configuring: Promise<void>): Promise<void> => {
    await new Promise(setImmediate);
    answer();
    await configuring;
  };
  return { nodes, said, connect, notified, configured };
}

it('tells a node what was calibrated of it, so that no provisioning has to', async () => {
  const { connect, notified, configured } = open();
  await notified(connect());
  expect(configured).toMatchObject([{ fixedSec: 2, secPerStep: 0.5 }]);
});

it('does not count on silence from before a node was told of the run: it was there a moment ago', async () => {
  const { nodes, said, connect, notified } = open();
  // The nodes of the run gather for longer than one may be silent.
  vi.advanceTimersByTime(1.25 * LEASE_TIMEOUT_MS);
  await notified(connect());
  const again = connect();
  nodes.check();
  expect(said).toEqual(['ready']);
  await notified(again);
});

it('says once that no node can be reached, when none could for the lease timeout', async () => {
  const { nodes, said, connect, notified } = open();
  await notified(connect());
  const again = connect();
  const sayings = Array.from({ length: 6 }, () => {
    vi.advanceTimersByTime(LEASE_TIMEOUT_MS / 4);
    nodes.check();
    return said.at(-1);
  });
  expect(sayings).toEqual(['ready', 'ready', 'ready', 'ready', 'cut off', 'cut off']);
  expect(said).toEqual(['ready', 'cut off']);
  await notified(again);
});
