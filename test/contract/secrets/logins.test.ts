// Logging in with passwords, passphrases and agents: to OpenSSH's server, and to one that writes down what it is sent.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, type TestContext, test as plainTest } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import type { AddNodeInput } from '../../../src/shared/api/inputs.js';
import { NodeAuthorizer } from '../../../src/main/domain/nodes/access/node-authorizer.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../../support/find-tools.js';
import { type RecordingServerOptions, type RecordingSshServer, startRecordingServer } from '../../support/ssh-server.js';
import { makeSystemAccount, type SystemAccount } from '../../support/system-account.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';

const sshd = findSshd();
/** What the person at the terminal answers, in turn. */
let answers: string[];
let questions: string[];
let harness: TrustHarness;
let ending: (() => unknown)[];

beforeEach(async () => {
  answers = [];
  questions = [];
  ending = [];
  harness = await openTrustHarness(sshd ?? '/nonexistent', {
    askSecret: (question) => {
      questions.push(question);
      return Promise.resolve(answers.shift() ?? null);
    },
  });
});
afterEach(async () => {
  for (const end of ending) await end();
  await harness.remove();
});

function testWithSshd(name: string, act: (context: TestContext, sshd: string) => Promise<void>): void {
  plainTest(name, async (context) => {
    if (sshd) await act(context, sshd);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

async function recordingServer(options: Partial<RecordingServerOptions> = {}): Promise<RecordingSshServer> {
  const server = await startRecordingServer({ acceptsLogin: false, methodsLeft: ['publickey', 'password'], ...options });
  ending.push(() => server.close());
  return server;
}

function addNode(port: number, change: Partial<AddNodeInput> = {}): TestbedNode {
  return harness.services.service.addNode({ testbedId: harness.testbed.id, host: '127.0.0.1', port, user: harness.user, ...change });
}

const setPassword = (node: TestbedNode, secret: string) =>
  harness.services.credentials.set({ of: { kind: 'password', nodeId: node.id }, secret, holder: 'session' });

/** An encrypted key made by OpenSSH. */
function makeKeyFile(passphrase: string): { keyFile: string; publicKeyLine: string } {
  const keyFile = join(harness.dir, 'id_locked');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', keyFile]);
  return { keyFile, publicKeyLine: readFileSync(`${keyFile}.pub`, 'utf8').trim() };
}

async function makeAccount(context: TestContext): Promise<SystemAccount | null> {
  const account = makeSystemAccount();
  if (account) ending.push(() => account.remove());
  else await context.annotate('No account can be made here (not root), so the server of the tests stood in for OpenSSH with passwords.');
  return account;
}

testWithSshd('a password logs in to OpenSSH, and a wrong one is reported as wrong', async (context) => {
  const account = await makeAccount(context);
  if (!account) return;
  const server = await harness.startServer(undefined, { takesPasswords: true });
  const node = addNode(server.port, { user: account.user, auth: 'password' });

  await setPassword(node, account.password);
  expect(await harness.say(node, true)).toContain('hello');

  await setPassword(node, 'not-the-password');
  await expect(harness.say(node)).rejects.toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringContaining(`refused the password of user "${account.user}"`) as string,
  });
});

testWithSshd('the program puts its own key on a node with a password, once, and the password is kept nowhere', async (context) => {
  const account = await makeAccount(context);
  if (!account) return;
  const server = await harness.startServer(undefined, { takesPasswords: true });
  const node = addNode(server.port, { user: account.user });
  const { publicKeyLine } = harness.services.programKey;
  const events: string[] = [];
  const authorizer = new NodeAuthorizer({
    testbeds: harness.services.testbeds,
    connector: harness.connector,
    publicKeyLine: () => publicKeyLine,
    recordEvent: ({ message }) => events.push(message),
  });
  const authorize = (password: string) => authorizer.authorize({ nodeId: node.id, password }, new AbortController().signal);
  const path = join(server.homeDir, '.ssh', 'authorized_keys');

  await expect(authorize(account.password)).rejects.toMatchObject({ code: 'host-key-unknown' });
  const question = harness.questionOf(node)!;
  harness.services.hostKeys.answer({ nodeId: node.id, fingerprint: question.fingerprint, replace: false });
  await expect(authorize('wrong')).rejects.toMatchObject({ code: 'ssh-auth-failed' });
  expect(await authorize(account.password)).toEqual({ state: 'added' });
  expect(await authorize(account.password)).toEqual({ state: 'unchanged' });

  expect(readFileSync(path, 'utf8')).toBe(`${publicKeyLine}\n`);
  expect([statSync(path), statSync(dirname(path))].map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o700]);
  writeFileSync(path, 'ssh-ed25519 AAAA another, without an end');
  expect(await authorize(account.password)).toEqual({ state: 'added' });
  expect(readFileSync(path, 'utf8')).toBe(`ssh-ed25519 AAAA another, without an end\n${publicKeyLine}\n`);
  expect(JSON.stringify([events, (await harness.services.credentials.status()).secrets])).not.toContain(account.password);
});

testWithSshd('a server that takes no passwords is not sent one, and it is told so', async () => {
  const server = await harness.startServer();
  const node = addNode(server.port, { auth: 'password' });
  await setPassword(node, 'hunter2');

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringContaining('takes no password') as string,
    hint: expect.stringContaining('PasswordAuthentication') as string,
  });
});

testWithSshd('a changed host key stops before the password: a second server on the same port gets none', async () => {
  const server = await harness.startServer(undefined, { takesPasswords: true });
  const node = addNode(server.port, { auth: 'password' });
  await setPassword(node, 'hunter2');
  await expect(harness.say(node, true)).rejects.toMatchObject({ code: 'ssh-auth-failed' });
  await server.stop();
  const impostor = await recordingServer({ port: server.port, acceptsLogin: true });

  await expect(harness.say(node, true)).rejects.toMatchObject({ code: 'host-key-changed' });

  expect(impostor.attempts).toEqual([]);
  expect(impostor.passwords).toEqual([]);
});

plainTest('an unknown host key stops before the password too', async () => {
  const server = await recordingServer({ acceptsLogin: true });
  const node = addNode(server.port, { auth: 'password' });
  await setPassword(node, 'hunter2');

  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-unknown' });

  expect(server.attempts).toEqual([]);
});

plainTest('a wrong password is sent once, though the server has two ways to take it', async () => {
  const server = await recordingServer({
    methodsLeft: ['password', 'keyboard-interactive'],
    questions: [{ prompt: 'Password: ', echo: false }],
  });
  const node = addNode(server.port, { auth: 'password' });
  await setPassword(node, 'hunter2');

  await expect(harness.say(node, true)).rejects.toMatchObject({ code: 'ssh-auth-failed' });

  expect(server.passwords).toEqual(['hunter2']);
});

plainTest('a server that asks by dialog gets the password for its one hidden question', async () => {
  const server = await recordingServer({
    acceptsLogin: true,
    methodsLeft: ['keyboard-interactive'],
    questions: [{ prompt: 'Password: ', echo: false }],
  });
  const node = addNode(server.port, { auth: 'password' });
  await setPassword(node, 'hunter2');
  const outcome = await harness.connector.connect(node, { acceptNew: true, signal: new AbortController().signal });
  if (outcome.kind !== 'connected') throw outcome.error;
  outcome.connection.close();

  expect(server.passwords).toEqual(['hunter2']);
});

plainTest.each([
  ['one that shows what is typed', [{ prompt: 'Favorite color? ', echo: true }]],
  ['two questions', [{ prompt: 'Password: ', echo: false }, { prompt: 'Code: ', echo: false }]], // prettier-ignore
])('to a dialog with %s the password is not said', async (_what, asked) => {
  const server = await recordingServer({ methodsLeft: ['keyboard-interactive'], questions: asked });
  const node = addNode(server.port, { auth: 'password' });
  await setPassword(node, 'hunter2');

  await expect(harness.say(node, true)).rejects.toMatchObject({ code: 'ssh-auth-failed' });

  expect(server.passwords.filter((answer) => answer !== '')).toEqual([]);
});

plainTest('without a password nothing is connected, and the way to enter it is reported', async () => {
  const server = await recordingServer();
  const node = addNode(server.port, { auth: 'password' });

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'secret-missing',
    hint: expect.stringContaining('Enter it') as string,
  });

  expect(server.attempts).toEqual([]);
});

testWithSshd('a key file with its passphrase logs in; without it the error names file and remedy', async () => {
  const { keyFile, publicKeyLine } = makeKeyFile('open sesame');
  const server = await harness.startServer(publicKeyLine);
  const node = addNode(server.port, { keyFile });

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'secret-missing',
    message: expect.stringContaining(keyFile) as string,
    hint: expect.stringMatching(/Enter it.*ssh-add/) as string,
  });
  const of = { kind: 'passphrase', keyFile } as const;
  await expect(harness.services.credentials.set({ of, secret: 'wrong', holder: 'session' })).rejects.toMatchObject({
    code: 'invalid-input',
    message: `The passphrase of the key file ${keyFile} is wrong.`,
  });
  await harness.services.credentials.set({ of, secret: 'open sesame', holder: 'session' });

  expect(await harness.say(node, true)).toContain('hello');
});

testWithSshd('a key that the server does not take is distinguished from a wrong passphrase', async () => {
  const { keyFile } = makeKeyFile('open sesame');
  const server = await harness.startServer(generateSshKeyPair().publicKeyLine);
  const node = addNode(server.port, { keyFile });
  await harness.services.credentials.set({ of: { kind: 'passphrase', keyFile }, secret: 'open sesame', holder: 'session' });

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringContaining(`with the key file ${keyFile}`) as string,
  });
});

testWithSshd('the person at the terminal is asked for what is missing, and again after a wrong answer', async () => {
  const { keyFile, publicKeyLine } = makeKeyFile('open sesame');
  const server = await harness.startServer(publicKeyLine);
  const node = addNode(server.port, { keyFile });
  answers = ['wrong', 'open sesame'];

  expect(await harness.say(node, true)).toContain('hello');
  expect(await harness.say(node)).toContain('hello');

  expect(questions).toEqual(Array(2).fill(`Passphrase of the key file ${keyFile}`));
});

plainTest('a locked vault is asked about once, however many nodes wait for it', async () => {
  const server = await recordingServer();
  const nodes = [1, 2, 3].map((number) => addNode(server.port, { host: `127.0.0.${number}`, auth: 'password' }));
  await harness.services.credentials.createVault('a long passphrase');
  for (const node of nodes) {
    await harness.services.credentials.set({ of: { kind: 'password', nodeId: node.id }, secret: 'hunter2', holder: 'vault' });
  }
  harness.services.credentials.lockVault();
  answers = ['a long passphrase'];

  const found = await Promise.all(nodes.map((node) => harness.services.secrets.password(node)));

  expect(found).toEqual(['hunter2', 'hunter2', 'hunter2']);
  expect(questions).toEqual(['Passphrase of the vault']);
});

plainTest('a node of the agent needs one, and says what is missing', async () => {
  const node = addNode(22, { auth: 'agent' });

  await expect(harness.say(node)).rejects.toMatchObject({
    code: 'secret-missing',
    message: expect.stringContaining('SSH_AUTH_SOCK is not set') as string,
  });
});
