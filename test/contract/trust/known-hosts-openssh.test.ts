// The verdict over OpenSSH's own known_hosts files, against OpenSSH's own server.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test as plainTest, type TestContext } from 'vitest';
import { findSshd } from '../../support/find-tools.js';
import { openTrustLab, type TrustLab } from '../../support/trust-lab.js';

let lab: TrustLab | null;

beforeEach(async () => {
  const sshd = findSshd();
  lab = sshd ? await openTrustLab(sshd) : null;
});
afterEach(() => lab?.remove());

/** A test that needs the lab; a word about it on a machine without OpenSSH's server. */
function test(name: string, act: (lab: TrustLab) => Promise<void>): void {
  plainTest(name, async (context: TestContext) => {
    if (lab) await act(lab);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

test('a key in the file of the user is known without a question, and recorded with file and line', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  lab.writeUserFile('# first line', `[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);

  expect(await lab.say(node)).toBe(`hello from ${server.homeDir}`);

  expect(lab.bench.hostKeyRecords.find('127.0.0.1', server.port)?.source).toBe(`as found in ${lab.userFile}:2`);
});

test('an entry that ssh-keygen has hashed is known', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  lab.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', lab.userFile], { stdio: 'ignore' });
  expect(readFileSync(lab.userFile, 'utf8')).toMatch(/^\|1\|/);

  expect(await lab.say(node)).toContain('hello');
});

test('a key in the file of the machine is known too', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  writeFileSync(lab.machineFile, `[127.0.0.1]:${server.port} ${server.hostKeyLine()}\n`);

  expect(await lab.say(node)).toContain('hello');
});

test('another key in the file stops even where new keys are accepted, and names file and line', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  lab.writeUserFile('', `[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  await server.restartWithNewHostKey();

  await expect(lab.say(node, true)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringContaining(`${lab.userFile}:2`) as string,
  });
  expect(lab.questionOf(node)).toMatchObject({ recordedIn: expect.stringContaining('line stays') as string });
});

test('a replacement changes this program alone: the line of the file stays and is named, and the node is trusted', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  lab.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  const before = readFileSync(lab.userFile, 'utf8');
  await server.restartWithNewHostKey();
  await expect(lab.say(node)).rejects.toMatchObject({ code: 'host-key-changed' });
  const { fingerprint } = lab.questionOf(node)!;

  const outcome = lab.bench.hostKeys.answer({ nodeId: node.id, fingerprint, replace: true });

  expect(outcome).toEqual({ remainingIn: `${lab.userFile}:1` });
  expect(readFileSync(lab.userFile, 'utf8')).toBe(before);
  expect(await lab.say(node)).toContain('hello');
});

test('the own record comes before the files', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  await lab.say(node, true);
  await server.restartWithNewHostKey();
  lab.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);

  await expect(lab.say(node)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringContaining("this program's database") as string,
  });
});

test('a revoked key is refused with file and line, even when this program knew it, and there is nothing to answer', async (lab) => {
  const server = await lab.startServer();
  const node = lab.addNode(server);
  await lab.say(node, true);
  lab.writeUserFile(`@revoked * ${server.hostKeyLine()}`);

  await expect(lab.say(node, true)).rejects.toMatchObject({
    code: 'host-key-revoked',
    message: expect.stringContaining(`${lab.userFile}:1`) as string,
  });
  expect(lab.questionOf(node)).toBeNull();
});

test('a key that nobody knows is asked for, with a word on the lines that are not understood', async (lab) => {
  const node = lab.addNode(await lab.startServer());
  lab.writeUserFile('what is this', 'and this?');

  await expect(lab.say(node)).rejects.toMatchObject({ code: 'host-key-unknown', hint: expect.stringContaining('2 lines') as string });
  expect(existsSync(lab.machineFile)).toBe(false);
});

test('the host key of a node can be read without logging in', async (lab) => {
  const server = await lab.startServer('ssh-ed25519 AAAA nobody');
  const node = lab.addNode(server);
  lab.writeUserFile(`[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);

  const outcome = await lab.connector.probe(node, new AbortController().signal);

  if (outcome.kind !== 'shown') throw new Error(`Not shown: ${outcome.kind}`);
  expect(server.hostKeyLine()).toContain(outcome.hostKey.keyBase64);
});
