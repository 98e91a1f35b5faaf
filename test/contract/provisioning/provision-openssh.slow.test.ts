// Provisioning a node whose SSH server is OpenSSH's, as on every real node.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, type TestContext, vi } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { openProvisioningServices, type ProvisioningServices, stepOf, stepStates } from '../../support/provisioning-services.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';

// A provisioning takes a few seconds on an idle machine, and ten times that on a busy one.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let dir: string;
let bundle: string;
let services: ProvisioningServices;
let sshd: RealSshd | null;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-sshd-'));
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  services = await openProvisioningServices({ hostEntryPath: '/nonexistent', bundlePath: bundle });
  const program = findSshd();
  sshd = program ? await startRealSshd({ sshd: program, dir, authorizedKey: services.programKey.publicKeyLine }) : null;
});
afterEach(async () => {
  const stopScript = join(dir, 'home', '.dedgeai', 'stop-agent.sh');
  if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
  await sshd?.stop();
  await services.remove();
  await rm(dir, { recursive: true, force: true });
});

/** Null, and a word about it, on a machine without OpenSSH's server. */
async function addNode(context: TestContext, keyFile: string | null = null) {
  if (!sshd) {
    await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
    return null;
  }
  const testbed = services.service.create({ name: 'Lab' });
  const agentPort = await findFreePort('127.0.0.1', null);
  const node = services.service.addNode({
    testbedId: testbed.id,
    host: '127.0.0.1',
    port: sshd.port,
    user: userInfo().username,
    keyFile,
    agentPort,
  });
  return { testbed, node, sshd, provision: async () => services.finished(services.provisioning.start({ testbedId: testbed.id })) };
}

test('an unknown host key waits for the user; once accepted the node becomes ready', async (context) => {
  const harness = await addNode(context);
  if (!harness) return;
  const asked = await harness.provision();
  expect(asked.nodes[0]?.hostKeyQuestion).toMatchObject({ nodeId: harness.node.id, recordedFingerprint: null, keyType: 'ssh-ed25519' });
  expect(stepOf(asked.nodes[0], 'connect').error?.code).toBe('host-key-unknown');
  expect(services.hostKeys.listQuestions(harness.testbed.id)).toHaveLength(1);

  services.hostKeys.answer({ nodeId: harness.node.id, fingerprint: asked.nodes[0]!.hostKeyQuestion!.fingerprint, replace: false });
  const done = await services.finished(services.provisioning.retryFailed({ id: asked.id }));

  expect(stepStates(done.nodes[0])).toBe(
    'connect=unchanged facts=changed preflight=unchanged runtime=unchanged certificate=changed agent=changed python=unchanged model=unchanged service=changed health=changed',
  );
  expect(services.service.get(harness.testbed.id).nodes[0]).toMatchObject({ provisionState: 'ready', agentPort: harness.node.agentPort });
  expect(services.hostKeys.listQuestions(harness.testbed.id)).toEqual([]);
  const again = await harness.provision();
  expect(stepStates(again.nodes[0])).toBe(
    'connect=unchanged facts=unchanged preflight=unchanged runtime=unchanged certificate=unchanged agent=unchanged python=unchanged model=unchanged service=unchanged health=unchanged',
  );
});

test('a changed host key stops with both fingerprints, and only an explicit word replaces it', async (context) => {
  const harness = await addNode(context);
  if (!harness) return;
  const first = await services.finished(services.provisioning.start({ testbedId: harness.testbed.id, acceptNewHostKeys: true }));
  expect(first.state).toBe('succeeded');
  await harness.sshd.restartWithNewHostKey();

  const stopped = await services.finished(services.provisioning.start({ testbedId: harness.testbed.id, acceptNewHostKeys: true }));

  const question = stopped.nodes[0]!.hostKeyQuestion!;
  const { message } = stepOf(stopped.nodes[0], 'connect').error!;
  expect(stepOf(stopped.nodes[0], 'connect').error?.code).toBe('host-key-changed');
  expect(message).toContain(question.fingerprint);
  expect(message).toContain(question.recordedFingerprint!);
  const answer = { nodeId: harness.node.id, fingerprint: question.fingerprint };
  expect(() => services.hostKeys.answer({ ...answer, replace: false })).toThrow(expect.objectContaining({ code: 'host-key-changed' }));
  services.hostKeys.answer({ ...answer, replace: true });
  expect((await harness.provision()).state).toBe('succeeded');
});

test('a key that the node does not take is reported with the file that was tried', async (context) => {
  const keyFile = join(dir, 'other_key');
  writeFileSync(keyFile, generateSshKeyPair().privateKeyPem, { mode: 0o600 });
  const harness = await addNode(context, keyFile);
  if (!harness) return;

  const run = await services.finished(services.provisioning.start({ testbedId: harness.testbed.id, acceptNewHostKeys: true }));

  expect(stepOf(run.nodes[0], 'connect').error).toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringContaining(keyFile) as string,
  });
});

test('a key file that is missing is reported before anything is sent', async (context) => {
  const keyFile = join(dir, 'lost_key');
  writeFileSync(keyFile, generateSshKeyPair().privateKeyPem, { mode: 0o600 });
  const harness = await addNode(context, keyFile);
  if (!harness) return;
  rmSync(keyFile);

  const run = await harness.provision();

  expect(stepOf(run.nodes[0], 'connect').error).toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('does not exist') as string,
  });
});

test('an agent port that is taken on the node is reported as such', async (context) => {
  const harness = await addNode(context);
  if (!harness) return;
  const { createServer } = await import('node:net');
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(harness.node.agentPort!, '0.0.0.0', resolve));

  const run = await services.finished(services.provisioning.start({ testbedId: harness.testbed.id, acceptNewHostKeys: true }));
  squatter.close();

  expect(stepOf(run.nodes[0], 'service').error).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(String(harness.node.agentPort)) as string,
  });
});
