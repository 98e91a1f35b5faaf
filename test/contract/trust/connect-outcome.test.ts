// Going to a node tells what came of it as a value, and throws for nothing that a node, a network or a user does.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { type RecordingServerOptions, type RecordingSshServer, startRecordingServer } from '../../support/ssh-server.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';

let harness: TrustHarness;
let servers: RecordingSshServer[];

beforeEach(async () => {
  servers = [];
  harness = await openTrustHarness('/nonexistent');
});
afterEach(async () => {
  for (const server of servers) await server.close();
  await harness.remove();
});

async function serve(options: Partial<RecordingServerOptions> = {}): Promise<RecordingSshServer> {
  const server = await startRecordingServer({ acceptsLogin: true, ...options });
  servers.push(server);
  return server;
}

function addNode(port: number, auth: TestbedNode['auth'] = 'program-key'): TestbedNode {
  return harness.services.service.addNode({
    testbedId: harness.testbed.id,
    host: '127.0.0.1',
    port,
    user: harness.user,
    auth,
    agentPort: port,
  });
}

const connect = (node: TestbedNode, acceptNew: boolean, signal = new AbortController().signal) =>
  harness.connector.connect(node, { acceptNew, signal });

test('a session, where the key is trusted and the login taken', async () => {
  const outcome = await connect(addNode((await serve()).port), true);

  if (outcome.kind !== 'connected') throw outcome.error;
  expect(outcome.connection.hostKey.fingerprint).toMatch(/^SHA256:/);
  outcome.connection.close();
});

test('a question with the key that is shown, and nothing about the user was sent', async () => {
  const server = await serve();
  const node = addNode(server.port);

  const outcome = await connect(node, false);

  expect(outcome).toMatchObject({
    kind: 'host-key-question',
    question: { nodeId: node.id, host: '127.0.0.1', port: server.port, recordedFingerprint: null },
    error: { code: 'host-key-unknown' },
  });
  expect(server.attempts).toEqual([]);
});

test('the same question to anyone who only looks, and the key itself once it was answered', async () => {
  const node = addNode((await serve()).port);
  const { signal } = new AbortController();

  const asked = await harness.connector.probe(node, signal);
  if (asked.kind !== 'host-key-question') throw new Error(`Not asked: ${asked.kind}`);
  harness.services.hostKeys.answer({ nodeId: node.id, fingerprint: asked.question.fingerprint, replace: false });

  expect(await harness.connector.probe(node, signal)).toMatchObject({
    kind: 'shown',
    hostKey: { fingerprint: asked.question.fingerprint },
  });
});

test('the key of a node whose password no one knows is asked for without that password', async () => {
  const node = addNode((await serve()).port, 'password');

  expect(await harness.connector.probe(node, new AbortController().signal)).toMatchObject({ kind: 'host-key-question' });
});

test('a question with both keys, where another one is on record', async () => {
  const server = await serve();
  const node = addNode(server.port);
  const other = generateSshKeyPair().publicKeyLine.split(' ').slice(0, 2).join(' ');
  harness.writeUserFile(`[127.0.0.1]:${server.port} ${other}`);

  const outcome = await connect(node, true);

  expect(outcome).toMatchObject({
    kind: 'host-key-question',
    question: {
      recordedFingerprint: expect.stringMatching(/^SHA256:/) as string,
      recordedIn: expect.stringContaining(harness.userFile) as string,
    },
    error: { code: 'host-key-changed', hint: expect.stringMatching(/node trust .*SHA256:\S+ --replace/) as string },
  });
});

test('a refused login, a closed port, a missing secret and an end by the caller, each by its name', async () => {
  const refusing = await serve({ acceptsLogin: false });
  const closed = await startRecordingServer({ acceptsLogin: true });
  await closed.close();
  const cancelled = AbortSignal.abort();

  expect(await connect(addNode(refusing.port), true)).toMatchObject({ kind: 'login-refused', error: { code: 'ssh-auth-failed' } });
  expect(await connect(addNode(closed.port), true)).toMatchObject({ kind: 'unreachable', error: { code: 'ssh-unreachable' } });
  const withPassword = addNode((await serve()).port, 'password');
  expect(await connect(withPassword, true)).toMatchObject({ kind: 'unprepared', error: { code: 'secret-missing' } });
  expect(await connect(addNode((await serve()).port), true, cancelled)).toMatchObject({ kind: 'cancelled' });
});

test('a question instead of the way for a push, open until it is answered', async () => {
  const node = addNode((await serve()).port);

  const outcome = await harness.connector.resolve(node, new AbortController().signal);

  expect(outcome).toMatchObject({ kind: 'host-key-question', question: { nodeId: node.id } });
  expect(harness.services.hostKeys.listQuestions(harness.testbed.id)).toEqual([
    outcome.kind === 'host-key-question' ? outcome.question : null,
  ]);
});
