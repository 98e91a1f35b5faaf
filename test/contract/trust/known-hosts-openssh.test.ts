// The verdict over OpenSSH's own known_hosts files, against OpenSSH's own server.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test as plainTest, type TestContext } from 'vitest';
import { findSshd } from '../../support/find-tools.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';

let harness: TrustHarness | null;

beforeEach(async () => {
  const sshd = findSshd();
  harness = sshd ? await openTrustHarness(sshd) : null;
});
afterEach(() => harness?.remove());

/** A test that needs the lab; a word about it on a machine without OpenSSH's server. */
function test(name: string, act: (harness: TrustHarness) => Promise<void>): void {
  plainTest(name, async (context: TestContext) => {
    if (harness) await act(harness);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

test('a key in the file of the user is known without a question, and recorded with file and line', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  harness.writeUserFile('# first line', `[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);

  expect(await harness.say(node)).toBe(`hello from ${server.homeDir}`);

  expect(harness.services.hostKeyRecords.find('127.0.0.1', server.port)?.source).toBe(`as found in ${harness.userFile}:2`);
});

test('an entry that ssh-keygen has hashed is known', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  harness.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', harness.userFile], { stdio: 'ignore' });
  expect(readFileSync(harness.userFile, 'utf8')).toMatch(/^\|1\|/);

  expect(await harness.say(node)).toContain('hello');
});

test('a key in the file of the machine is known too', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  writeFileSync(harness.machineFile, `[127.0.0.1]:${server.port} ${server.hostKeyLine()}\n`);

  expect(await harness.say(node)).toContain('hello');
});

test('another key in the file stops even where new keys are accepted, and names file and line', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  harness.writeUserFile('', `[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  await server.restartWithNewHostKey();

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringContaining(`${harness.userFile}:2`) as string,
  });
  expect(harness.questionOf(node)).toMatchObject({ recordedIn: expect.stringContaining('line stays') as string });
});

test('a replacement changes this program alone: the line of the file stays and is named, and the node is trusted', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  harness.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  const before = readFileSync(harness.userFile, 'utf8');
  await server.restartWithNewHostKey();
  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-changed' });
  const { fingerprint } = harness.questionOf(node)!;

  const outcome = harness.services.hostKeys.answer({ nodeId: node.id, fingerprint, replace: true });

  expect(outcome).toEqual({ remainingIn: `${harness.userFile}:1` });
  expect(readFileSync(harness.userFile, 'utf8')).toBe(before);
  expect(await harness.say(node)).toContain('hello');
});

test('the own record comes before the files', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  await harness.say(node, true);
  await server.restartWithNewHostKey();
  harness.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);

  await expect(harness.say(node)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringContaining("this program's database") as string,
  });
});

test('a revoked key is refused with file and line, even when this program knew it, and there is nothing to answer', async (harness) => {
  const server = await harness.startServer();
  const node = harness.addNode(server);
  await harness.say(node, true);
  harness.writeUserFile(`@revoked * ${server.hostKeyLine()}`);

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'host-key-revoked',
    message: expect.stringContaining(`${harness.userFile}:1`) as string,
  });
  expect(harness.questionOf(node)).toBeNull();
});

test('a key that no one knows is asked for, with a word on the lines that are not understood', async (harness) => {
  const node = harness.addNode(await harness.startServer());
  harness.writeUserFile('what is this', 'and this?');

  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-unknown', hint: expect.stringContaining('2 lines') as string });
  expect(existsSync(harness.machineFile)).toBe(false);
});

test('the host key of a node can be read without logging in', async (harness) => {
  const server = await harness.startServer('ssh-ed25519 AAAA nobody');
  const node = harness.addNode(server);
  harness.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);

  const outcome = await harness.connector.probe(node, new AbortController().signal);

  if (outcome.kind !== 'shown') throw new Error(`Not shown: ${outcome.kind}`);
  expect(server.hostKeyLine()).toContain(outcome.hostKey.keyBase64);
});
