// Clocks that are set and kept on a node with OpenSSH's server, a real sudo that asks, and a clock of its own.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import type { StartProvisioningInput } from '../../../src/shared/api/provisioning-inputs.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { makeOwnClock, type OwnClock } from '../../support/own-clock.js';
import { openProvisioningServices, type ProvisioningServices, stepOf } from '../../support/provisioning-services.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';
import { makeSystemAccount, type SystemAccount } from '../../support/system-account.js';
import { until } from '../../support/until.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const HOUR_MS = 3_600_000;
/** Beyond the limit of 500 ms, and what a busy machine adds to a measurement. */
const OFF_MS = 90_000;
/** What a clock may be off after it was moved by what was measured on a busy machine. */
const SLACK_MS = 20_000;
const signal = new AbortController().signal;

interface Harness {
  services: ProvisioningServices;
  clock: OwnClock;
  testbedId: string;
  nodeId: string;
  /** What keeps the testbed in use, in words that follow "while". */
  use: { now: string | null; asked: number };
  password: { now: string | null };
  start: (input?: Partial<StartProvisioningInput>) => ReturnType<ProvisioningServices['finished']>;
}

let bundle: string;
let dir: string | null = null;
let account: SystemAccount | null = null;
let server: RealSshd | null = null;
let services: ProvisioningServices | null = null;

beforeAll(async () => {
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
afterEach(async () => {
  if (dir !== null && account !== null) {
    const stopScript = join(dir, 'home', '.dedgeai', 'stop-agent.sh');
    if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
  }
  await server?.stop();
  await services?.remove();
  account?.remove();
  if (dir !== null) await rm(dir, { recursive: true, force: true });
  [dir, account, server, services] = [null, null, null, null];
});

async function open(context: TestContext): Promise<Harness | null> {
  const sshd = findSshd();
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-kept-'));
  chmodSync(dir, 0o755);
  const homeDir = join(dir, 'home');
  mkdirSync(homeDir);
  account = sshd ? makeSystemAccount({ homeDir }) : null;
  const clock = account ? makeOwnClock({ dir, sudoUser: account.user }) : null;
  if (!sshd || !account || !clock) {
    await context.annotate('This machine has no sshd, no sudo, or no namespaces for a node with a clock of its own.');
    return null;
  }
  const password: Harness['password'] = { now: account.password };
  const use: Harness['use'] = { now: null, asked: 0 };
  services = await openProvisioningServices({
    hostEntryPath: '/nonexistent',
    bundlePath: bundle,
    overrides: {
      sudoPassword: () => password.now,
      describeUse: () => {
        use.asked++;
        return use.now;
      },
      clocks: { intervalMs: 200, holdMs: 600_000 },
    },
  });
  server = await startRealSshd({
    ...{ sshd, dir, authorizedKey: services.programKey.publicKeyLine, keepsAccounts: true, launchedBy: clock.launchedBy },
  });
  const testbed = { id: 'testbed-lab', name: 'Lab', kind: 'real' as const, timeScale: 50, createdAtMs: services.nowMs() };
  services.testbeds.insertTestbed(testbed);
  const node = services.service.addNode({
    ...{ testbedId: testbed.id, name: 'orin-1', host: '127.0.0.1', port: server.port, user: account.user },
    agentPort: await findFreePort('127.0.0.1', null),
  });
  const opened = services;
  return {
    ...{ services: opened, clock, testbedId: testbed.id, nodeId: node.id, use, password },
    start: (input = {}) => opened.finished(opened.provisioning.start({ testbedId: testbed.id, acceptNewHostKeys: true, ...input })),
  };
}

const kept = ({ services: { core }, testbedId }: Harness) => core.services.clocks.status(testbedId).nodes[0]!;

test('a plan says what would be set and put there, and wants the sudo password where it is not known', async (context) => {
  const harness = await open(context);
  if (!harness) return;
  const { services: opened, clock, testbedId, password } = harness;
  clock.setOffsetMs(13 * HOUR_MS);
  const plan = async (setsClock: boolean) => {
    const input = { testbedId, acceptNewHostKeys: true, setsClock, ...(setsClock ? { keepsClock: true } : {}) };
    const [node] = (await opened.provisioning.plan(input, signal)).nodes;
    return { clock: node?.clock, preflight: node?.steps.find(({ name }) => name === 'preflight') };
  };

  expect(await plan(false)).toMatchObject({
    clock: { offset: '13 hours ahead', isFarOff: true, isKept: false, needsSudoPassword: false },
    preflight: { verdict: 'blocked' },
  });
  const asked = await plan(true);
  expect(asked.preflight?.verdict).toBe('change');
  expect(asked.preflight?.changes.join('\n')).toMatch(/13 hours ahead.*\n.*dedgeai-set-clock-\d+, a program.*\n.*without a password/);
  password.now = null;
  expect(await plan(true)).toMatchObject({
    clock: { needsSudoPassword: true },
    preflight: { verdict: 'blocked', remedy: expect.stringContaining('sudo-password-stdin') as string },
  });
  expect([clock.offsetMs(), clock.rootFiles()]).toEqual([13 * HOUR_MS, []]);
});

test('a clock is set by a retry of what failed for it, and not while a run uses the testbed', async (context) => {
  const harness = await open(context);
  if (!harness) return;
  const { services: opened, clock, use } = harness;
  clock.setOffsetMs(13 * HOUR_MS);
  const failed = await harness.start();
  expect(stepOf(failed.nodes[0], 'preflight').error?.message).toContain('13 hours ahead');

  use.now = 'run “x” is not finished';
  expect(() => opened.provisioning.retryFailed({ id: failed.id, setsClock: true })).toThrow(expect.objectContaining({ code: 'conflict' }));
  use.now = null;
  const retried = await opened.finished(opened.provisioning.retryFailed({ id: failed.id, setsClock: true }));

  expect(stepOf(retried.nodes[0], 'preflight')).toMatchObject({
    state: 'changed',
    detail: expect.stringContaining('13 hours ahead, and was set') as string,
  });
  expect(Math.abs(clock.offsetMs())).toBeLessThan(SLACK_MS);
  expect(retried.state).toBe('succeeded');
});

test('a clock is kept once it was asked for: moved when it is off, left alone while it is used, and given up without a trace', async (context) => {
  const harness = await open(context);
  if (!harness) return;
  const { services: opened, clock, testbedId, use, nodeId } = harness;
  const { clocks } = opened.core.services;

  const run = await harness.start({ keepsClock: true });

  expect(run.state).toBe('succeeded');
  expect(stepOf(run.nodes[0], 'preflight').detail).toContain('may keep its clock right from now on');
  expect(clock.rootFiles()).toEqual([expect.stringMatching(/^dedgeai-clock-\d+$/), expect.stringMatching(/^dedgeai-set-clock-\d+$/)]);
  expect(opened.testbeds.getNode(nodeId)?.facts?.isClockKept).toBe(true);

  // Without a password from here on: the right that was put there is enough.
  harness.password.now = null;
  clock.setOffsetMs(-OFF_MS);
  const looked = await clocks.look(testbedId);
  expect(looked.nodes[0]).toMatchObject({ isKept: true, problem: null });
  expect(Math.abs(looked.nodes[0]!.movedByMs! - OFF_MS)).toBeLessThan(SLACK_MS);
  expect(Math.abs(clock.offsetMs())).toBeLessThan(SLACK_MS);
  expect(opened.events.join()).toContain('Moved the clock of node "orin-1"');

  use.now = 'run “x” is not finished';
  clock.setOffsetMs(OFF_MS);
  await expect(clocks.look(testbedId)).rejects.toMatchObject({ code: 'conflict' });
  expect(clock.offsetMs()).toBe(OFF_MS);
  use.now = null;

  clock.setFollowsServer(true);
  expect((await clocks.look(testbedId)).nodes[0]?.problem).toContain('time server of its own');
  expect(clock.offsetMs()).toBe(OFF_MS);
  clock.setFollowsServer(false);

  harness.password.now = account!.password;
  const givenUp = await harness.start({ keepsClock: false });
  expect(stepOf(givenUp.nodes[0], 'preflight').detail).toContain('does not keep its clock any more');
  expect(clock.rootFiles()).toEqual([]);
  expect(kept(harness).isKept).toBe(false);
});

test('while the program runs a clock that drifts is moved by itself, but not once a run is about to start', async (context) => {
  const harness = await open(context);
  if (!harness) return;
  const { services: opened, clock, testbedId } = harness;
  expect((await harness.start({ keepsClock: true })).state).toBe('succeeded');
  const { clocks } = opened.core.services;

  clock.setOffsetMs(OFF_MS);
  clocks.start();
  await until(() => Math.abs(clock.offsetMs()) < SLACK_MS, 120_000);
  await until(() => kept(harness).movedAtMs !== null);

  await clocks.hold(testbedId);
  clock.setOffsetMs(OFF_MS);
  const before = kept(harness);
  // Held, it is not even looked at, however often its turn comes.
  const { asked } = harness.use;
  await until(() => harness.use.asked >= asked + 5);
  expect(clock.offsetMs()).toBe(OFF_MS);
  expect(kept(harness)).toEqual(before);
});

test('an uninstall takes the right back, and a node that lost its rule is reported by what remedies it', async (context) => {
  const harness = await open(context);
  if (!harness) return;
  const { services: opened, clock, testbedId } = harness;
  expect((await harness.start({ keepsClock: true })).state).toBe('succeeded');
  clock.setOffsetMs(OFF_MS);
  await rm(join(dir!, 'sudoers.d', clock.rootFiles()[0]!));

  expect((await opened.core.services.clocks.look(testbedId)).nodes[0]?.problem).toContain('--keep-clock');
  expect(clock.offsetMs()).toBe(OFF_MS);

  const removed = await opened.finished(opened.provisioning.remove({ testbedId }));
  expect(stepOf(removed.nodes[0], 'preflight')).toMatchObject({ state: 'changed', detail: 'Took back the right to set its clock.' });
  expect(clock.rootFiles()).toEqual([]);
});
