// Provisioning, facts and telemetry of an account whose login shell is none of POSIX and whose start-up file prints, asks and moves.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import { TelemetryService } from '../../../src/main/domain/nodes/telemetry/telemetry-service.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { findShell, LOGIN_SHELLS, writeHomeFile } from '../../support/login-shells.js';
import { openProvisioningServices, type ProvisioningServices } from '../../support/provisioning-services.js';
import { startRealSshd } from '../../support/real-sshd.js';
import { makeSystemAccount } from '../../support/system-account.js';

// A provisioning takes a few seconds on an idle machine, and ten times that on a busy one.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const START_UP: Readonly<Record<string, string>> = {
  bash: 'echo Welcome to the lab\ncd /tmp\nread -r -p "Proxy? " proxy\nset -e',
  zsh: 'echo Welcome to the lab\ncd /tmp\nread -r "proxy?Proxy? "\nsetopt err_exit',
  fish: 'echo Welcome to the lab\ncd /tmp\nread -P "Proxy? " proxy',
};

let dir: string;
let harness: ProvisioningServices;
let undo: (() => unknown)[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-login-shell-'));
  const bundlePath = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  harness = await openProvisioningServices({ hostEntryPath: '/nonexistent', bundlePath });
  undo = [() => harness.remove()];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
  await rm(dir, { recursive: true, force: true });
});

test.for(Object.entries(START_UP))('an account with %s and a talkative start-up file becomes ready', async ([name, startUp], context) => {
  const shell = LOGIN_SHELLS.find((candidate) => candidate.name === name)!;
  const [program, sshd] = [findShell(shell), findSshd()];
  const homeDir = join(dir, 'home');
  mkdirSync(homeDir);
  writeHomeFile(homeDir, shell.startUpFile ?? '', startUp);
  const account = program && sshd ? makeSystemAccount({ shell: program, homeDir }) : null;
  if (!account || !sshd) {
    await context.annotate(`${name} was not tried: it, sshd or the right to make accounts is missing on this machine.`);
    return;
  }
  undo.push(() => account.remove());
  mkdirSync(join(dir, 'server'));
  const server = await startRealSshd({
    sshd,
    dir: join(dir, 'server'),
    authorizedKey: harness.programKey.publicKeyLine,
    keepsAccounts: true,
  });
  undo.push(() => server.stop());
  const testbed = harness.service.create({ name: 'Lab' });
  const agentPort = await findFreePort('127.0.0.1', null);
  const node = harness.service.addNode({ testbedId: testbed.id, host: '127.0.0.1', port: server.port, user: account.user, agentPort });
  undo.push(() => {
    const stop = join(homeDir, '.dedgeai', 'stop-agent.sh');
    if (existsSync(stop)) execFileSync('/bin/sh', [stop]);
  });

  const run = await harness.finished(harness.provisioning.start({ testbedId: testbed.id, acceptNewHostKeys: true }));

  expect(run.nodes[0]?.steps.flatMap(({ error }) => error ?? [])).toEqual([]);
  expect(run.nodes[0]?.output.map(({ text }) => text).join('\n')).not.toMatch(/Welcome|Proxy/);
  expect(existsSync(join(homeDir, '.dedgeai', 'agent.mjs'))).toBe(true);
  const { facts } = harness.service.get(testbed.id).nodes[0]!;
  expect(Math.abs(facts!.clockOffsetMs!)).toBeLessThanOrEqual(facts!.clockErrorMs! + 1);
  const telemetry = new TelemetryService({ getNode: () => node, connector: harness.connector, nowMs: Date.now });
  undo.push(() => telemetry.close());
  const watching = new AbortController();
  for await (const state of telemetry.watch(node.id, watching.signal)) {
    expect(state.problem).toBeNull();
    if (state.samples.length > 0) break;
  }
  watching.abort();
});
