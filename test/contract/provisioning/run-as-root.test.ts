// sudo on a node: its password by standard input, and nowhere else. The node is a shell of this machine with a stand-in for sudo.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NodeSession } from '../../../src/main/domain/nodes/provisioning/node-session.js';
import { attemptAsRoot } from '../../../src/main/domain/nodes/provisioning/service/run-as-root.js';
import type { ExecOptions, ExecResult } from '../../../src/main/adapters/ssh/ssh-exec.js';

const PASSWORD = `it's "secret" $HOME`;
/** Takes the flags and the password as sudo does, and keeps a record of how it was called. */
const SUDO = `#!/bin/sh
printf '%s\\n' "$*" >"$RECORD"
[ -z "$WANTS_TERMINAL" ] || (: </dev/tty) 2>/dev/null || { echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1; }
[ "$1" = -n ] && { shift; exec "$@"; }
[ "$1 $2" = '-S -p' ] || exit 9
shift 3
read -r given
[ "$given" = "$EXPECTED" ] || { echo 'Das hat nicht funktioniert.' >&2; exit 1; }
exec "$@"
`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-sudo-'));
  writeFileSync(join(dir, 'sudo'), SUDO, { mode: 0o755 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function attempt(command: string, { stdin }: ExecOptions = {}, change: NodeJS.ProcessEnv = {}): Promise<ExecResult> {
  return new Promise((resolve) => {
    const env = { PATH: `${dir}:/usr/bin:/bin`, RECORD: join(dir, 'record'), EXPECTED: PASSWORD, ...change };
    // Without a terminal, as over SSH.
    const child = spawn('/bin/sh', ['-c', command], { env, stdio: 'pipe', detached: true });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    // It may end without having read it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('close', (code) => resolve({ code, ...said, isTruncated: false }));
  });
}

/** What the function uses of a session. */
const sessionWith = (password: string | null, run: typeof attempt = attempt): NodeSession => {
  const node = { id: 'node-1', name: 'orin', user: 'nvidia' };
  return { node, tools: { secrets: { sudoPassword: () => password } }, attempt: run } as unknown as NodeSession;
};
const howSudoWasCalled = (): string => readFileSync(join(dir, 'record'), 'utf8');

test('the script runs as root with the password from standard input, which stands on no command line and reaches no script', async () => {
  const result = await attemptAsRoot(
    sessionWith(PASSWORD),
    'password',
    'work',
    `echo "it's done"; cat; printf '%s' "$EXPECTED" >/dev/null`,
  );

  expect(result).toMatchObject({ code: 0, stdout: "it's done\n" });
  expect(howSudoWasCalled()).not.toContain('secret');
});

test('a sudo that asks nothing gets no password', async () => {
  const result = await attemptAsRoot(sessionWith(PASSWORD), 'free', 'work', 'cat; exit 7');

  expect(result).toMatchObject({ code: 7, stdout: '' });
  expect(howSudoWasCalled()).toMatch(/^-n /);
});

test('a wrong password is reported as such, and not with its text', async () => {
  const attempted = attemptAsRoot(sessionWith('wrong-one'), 'password', 'set its clock', 'echo never');

  await expect(attempted).rejects.toMatchObject({ code: 'ssh-auth-failed', message: expect.not.stringContaining('wrong-one') as string });
});

test('without a password nothing is sent to the node', async () => {
  const session = sessionWith(null, () => Promise.reject(new Error('sent')));

  await expect(attemptAsRoot(session, 'password', 'set its clock', 'echo never')).rejects.toMatchObject({
    code: 'unsupported',
    message: 'Node "orin" asks for the sudo password of nvidia to set its clock, and it is not known here.',
    hint: expect.stringContaining('--sudo-password-stdin') as string,
  });
});

test('where there is no sudo, that is what is reported, and nothing is sent', async () => {
  const session = sessionWith(PASSWORD, () => Promise.reject(new Error('sent')));

  await expect(attemptAsRoot(session, 'none', 'set its clock', 'echo never')).rejects.toMatchObject({
    code: 'unsupported',
    message: 'Node "orin" has no sudo, and nvidia can\'t set its clock there without it.',
  });
});

describe('a sudo that runs nothing without a terminal', () => {
  const atTerminal: typeof attempt = (command, options) => attempt(command, options, { WANTS_TERMINAL: 'yes' });

  test('is given one, which echoes no password and changes no output', async () => {
    const result = await attemptAsRoot(sessionWith(PASSWORD, atTerminal), 'password', 'work', `printf 'a\\nb\\n'; echo c >&2; exit 7`);

    expect(result).toMatchObject({ code: 7, stdout: 'a\nb\n', stderr: 'c\n' });
    await expect(attemptAsRoot(sessionWith(null, atTerminal), 'free', 'work', 'cat; echo done')).resolves.toMatchObject({
      stdout: 'done\n',
    });
  });

  test('is asked once with a wrong password', async () => {
    const attempted = attemptAsRoot(sessionWith('wrong-one', atTerminal), 'password', 'set its clock', 'echo never');

    await expect(attempted).rejects.toMatchObject({
      code: 'ssh-auth-failed',
      message: expect.stringContaining('nicht funktioniert') as string,
    });
  });

  test('is named with what helps where none can be made', async () => {
    const withoutPerl: typeof attempt = (command, options) =>
      attempt(`command() { case $2 in perl) return 1 ;; esac; }\n${command}`, options, { WANTS_TERMINAL: 'yes' });

    await expect(attemptAsRoot(sessionWith(PASSWORD, withoutPerl), 'password', 'set its clock', 'echo never')).rejects.toMatchObject({
      code: 'unsupported',
      message: 'sudo on node "orin" lets nvidia set its clock at a terminal only (requiretty), and none could be made there.',
      hint: expect.stringContaining('Defaults:nvidia !requiretty') as string,
    });
  });
});
