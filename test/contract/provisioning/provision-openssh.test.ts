// Provisioning a node whose SSH server is OpenSSH's, as on every real node.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, type TestContext, vi } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { openProvisioningBench, type ProvisioningBench, stepOf, stepStates } from '../../support/provisioning-bench.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';

// A provisioning takes a few seconds on an idle machine, and ten times that on a busy one.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let dir: string;
let bundle: string;
let bench: ProvisioningBench;
let sshd: RealSshd | null;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-sshd-'));
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  bench = await openProvisioningBench({ hostEntryPath: '/nonexistent', bundlePath: bundle });
  const program = findSshd();
  sshd = program ? await startRealSshd({ sshd: program, dir, authorizedKey: bench.programKey.publicKeyLine }) : null;
});
afterEach(async () => {
  const stopScript = join(dir, 'home', '.dedgeai', 'stop-agent.sh');
  if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
  await sshd?.stop();
  await bench.remove();
  await rm(dir, { recursive: true, force: true });
});

/** Null, and a word about it, on a machine without OpenSSH's server. */
async function addNode(context: TestContext, keyFile: string | null = null) {
  if (!sshd) {
    await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
    return null;
  }
  const testbed = bench.service.create({ name: 'Lab' });
  const agentPort = await findFreePort('127.0.0.1', null);
  const node = bench.service.addNode({
    testbedId: testbed.id,
    host: '127.0.0.1',
    port: sshd.port,
    user: userInfo().username,
    keyFile,
    agentPort,
  });
  return { testbed, node, sshd, provision: async () => bench.finished(bench.provisioning.start({ testbedId: testbed.id })) };
}

test('an unknown host key waits for the user; once accepted the node becomes ready', async (context) => {
  const lab = await addNode(context);
  if (!lab) return;
  const asked = await lab.provision();
  expect(asked.nodes[0]?.hostKeyQuestion).toMatchObject({ nodeId: lab.node.id, recordedFingerprint: null, keyType: 'ssh-ed25519' });
  expect(stepOf(asked.nodes[0], 'connect').error?.code).toBe('host-key-unknown');
  expect(bench.hostKeys.listQuestions(lab.testbed.id)).toHaveLength(1);

  bench.hostKeys.answer({ nodeId: lab.node.id, fingerprint: asked.nodes[0]!.hostKeyQuestion!.fingerprint, replace: false });
  const done = await bench.finished(bench.provisioning.retryFailed(asked.id, false));

  expect(stepStates(done.nodes[0])).toBe(
    'connect=unchanged facts=changed preflight=unchanged runtime=unchanged certificate=changed agent=changed python=unchanged model=unchanged service=changed health=changed',
  );
  expect(bench.service.get(lab.testbed.id).nodes[0]).toMatchObject({ provisionState: 'ready', agentPort: lab.node.agentPort });
  expect(bench.hostKeys.listQuestions(lab.testbed.id)).toEqual([]);
  const again = await lab.provision();
  expect(stepStates(again.nodes[0])).toBe(
    'connect=unchanged facts=unchanged preflight=unchanged runtime=unchanged certificate=unchanged agent=unchanged python=unchanged model=unchanged service=unchanged health=unchanged',
  );
});

test('a changed host key stops with both fingerprints, and only an explicit word replaces it', async (context) => {
  const lab = await addNode(context);
  if (!lab) return;
  const first = await bench.finished(bench.provisioning.start({ testbedId: lab.testbed.id, acceptNewHostKeys: true }));
  expect(first.state).toBe('succeeded');
  await lab.sshd.restartWithNewHostKey();

  const stopped = await bench.finished(bench.provisioning.start({ testbedId: lab.testbed.id, acceptNewHostKeys: true }));

  const question = stopped.nodes[0]!.hostKeyQuestion!;
  const { message } = stepOf(stopped.nodes[0], 'connect').error!;
  expect(stepOf(stopped.nodes[0], 'connect').error?.code).toBe('host-key-changed');
  expect(message).toContain(question.fingerprint);
  expect(message).toContain(question.recordedFingerprint!);
  const answer = { nodeId: lab.node.id, fingerprint: question.fingerprint };
  expect(() => bench.hostKeys.answer({ ...answer, replace: false })).toThrow(expect.objectContaining({ code: 'host-key-changed' }));
  bench.hostKeys.answer({ ...answer, replace: true });
  expect((await lab.provision()).state).toBe('succeeded');
});

test('a key that the node does not take is told with the file that was tried', async (context) => {
  const keyFile = join(dir, 'other_key');
  writeFileSync(keyFile, generateSshKeyPair().privateKeyPem, { mode: 0o600 });
  const lab = await addNode(context, keyFile);
  if (!lab) return;

  const run = await bench.finished(bench.provisioning.start({ testbedId: lab.testbed.id, acceptNewHostKeys: true }));

  expect(stepOf(run.nodes[0], 'connect').error).toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringContaining(keyFile) as string,
  });
});

test('a key file that is missing is told before anything is sent', async (context) => {
  const lab = await addNode(context, join(dir, 'missing'));
  if (!lab) return;

  const run = await lab.provision();

  expect(stepOf(run.nodes[0], 'connect').error).toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('does not exist') as string,
  });
});

test('an agent port that is taken on the node is told as such', async (context) => {
  const lab = await addNode(context);
  if (!lab) return;
  const { createServer } = await import('node:net');
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(lab.node.agentPort!, '0.0.0.0', resolve));

  const run = await bench.finished(bench.provisioning.start({ testbedId: lab.testbed.id, acceptNewHostKeys: true }));
  squatter.close();

  expect(stepOf(run.nodes[0], 'service').error).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(String(lab.node.agentPort)) as string,
  });
});
