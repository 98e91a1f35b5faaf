// Scripts through OpenSSH's server and real login shells, whose start-up files have every habit.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { connectSsh, type SshConnection } from '../../../src/main/adapters/ssh/ssh-connection.js';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { shellQuote } from '../../../src/main/adapters/ssh/shell-quote.js';
import { createRandom } from '../../../src/random/random.js';
import { findSshd } from '../../support/find-tools.js';
import { findShell, LOGIN_SHELLS, type LoginShell, SERVER_FILE, SERVER_HABITS, writeHomeFile } from '../../support/login-shells.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';
import { makeSystemAccount } from '../../support/system-account.js';

const key = generateSshKeyPair();
let dir: string;
let sshd: RealSshd | null = null;
const undo: (() => void)[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-shells-'));
  mkdirSync(join(dir, 'server'));
  const program = findSshd();
  if (program && process.getuid?.() === 0)
    sshd = await startRealSshd({ sshd: program, dir: join(dir, 'server'), authorizedKey: key.publicKeyLine, keepsAccounts: true });
});
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});
afterAll(async () => {
  await sshd?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** An account with this shell, and a connection to it; null, and a word about it, where there can be none. */
async function logIn(context: TestContext, shell: LoginShell): Promise<{ ssh: SshConnection; homeDir: string } | null> {
  const program = findShell(shell);
  const homeDir = await mkdtemp(join(dir, 'home-'));
  const account = program && sshd ? makeSystemAccount({ shell: shellProgram(shell, program), homeDir }) : null;
  if (!account || !sshd) {
    await context.annotate(`${shell.name} was not tried: it, sshd or the right to make accounts is missing on this machine.`);
    return null;
  }
  undo.push(() => account.remove());
  const outcome = await connectSsh({
    host: '127.0.0.1',
    port: sshd.port,
    user: account.user,
    logins: [{ kind: 'key', privateKeyPem: key.privateKeyPem, passphrase: null, description: 'key of the test' }],
    recordedKeyTypes: [],
    acceptsHostKey: () => true,
  });
  if (outcome.kind !== 'connected') throw new Error(`Not connected: ${JSON.stringify(outcome)}`);
  undo.push(() => outcome.connection.close());
  return { ssh: outcome.connection, homeDir };
}

/** busybox knows by its name which of its tools it is to be. */
function shellProgram({ name }: LoginShell, program: string): string {
  if (name !== 'busybox') return program;
  const link = join(dir, 'ash');
  rmSync(link, { force: true });
  symlinkSync(program, link);
  return link;
}

/** Its folder, a text with everything that shells make something of, its input; and an exit status. */
const SCRIPT = `pwd; echo "$HOME"
printf '%s\\n' 'it'"'"'s "q" \\ ! $HOME \`x\` é' >&2
cat | tr -d x
printf 'no line end'
exit 7`;
const INPUT = randomBytes(200_000);
const EXPECTED_INPUT = Buffer.from(INPUT.filter((byte) => byte !== 0x78)).toString('utf8');

async function expectWholeAnswer(ssh: SshConnection, homeDir: string, habit: string): Promise<void> {
  const noise = `with a start-up file that ${habit}`;
  const result = await ssh.exec(SCRIPT, { stdin: INPUT });
  expect(result.stderr, noise).toBe(`it's "q" \\ ! $HOME \`x\` é\n`);
  expect(result.stdout === `${homeDir}\n${homeDir}\n${EXPECTED_INPUT}no line end`, noise).toBe(true);
  expect(result, noise).toMatchObject({ code: 7, isTruncated: false });
  expect(await ssh.exec('read -r line; echo "$?[$line]"'), noise).toMatchObject({ code: 0, stdout: '1[]\n' });
}

describe.each(LOGIN_SHELLS)('with $name as the login shell', (shell) => {
  test('a script runs in the home folder and answers with its own output, input and status, whatever the start-up files do', async (context) => {
    const login = await logIn(context, shell);
    if (!login) return;
    const { ssh, homeDir } = login;
    await expectWholeAnswer(ssh, homeDir, 'is not there');
    for (const [habit, text] of Object.entries(shell.habits)) {
      writeHomeFile(homeDir, shell.startUpFile ?? '', text);
      await expectWholeAnswer(ssh, homeDir, habit);
    }
    if (shell.startUpFile !== null) rmSync(join(homeDir, shell.startUpFile), { force: true });
    for (const [habit, text] of Object.entries(SERVER_HABITS)) {
      writeHomeFile(homeDir, SERVER_FILE, text);
      await expectWholeAnswer(ssh, homeDir, `${habit} (${SERVER_FILE})`);
    }
  });

  test('any text of a script arrives as it is', async (context) => {
    const login = await logIn(context, shell);
    if (!login) return;
    const random = createRandom(7);
    const characters = Array.from(`'!\\"$\`%~#&|;<>()[]{}*?^=+-_.,:/@ \t\n\r\u0007\u001b\u007fabc012éß漢😀`);
    for (const length of [1, 30, 300, 3_000, 20_000]) {
      const text = Array.from({ length }, () => characters[random.nextInt(0, characters.length - 1)]).join('');
      const { stdout } = await login.ssh.exec(`printf %s ${shellQuote(text)}`);
      expect(stdout === text, `a text of ${length} characters`).toBe(true);
    }
  });

  test('a script that answers line by line is heard line by line', async (context) => {
    const login = await logIn(context, shell);
    if (!login) return;
    if (shell.startUpFile !== null) writeHomeFile(login.homeDir, shell.startUpFile, shell.habits['prints'] ?? '');
    let heard = '';
    let hear: () => void = () => undefined;
    const until = (line: string): Promise<void> =>
      new Promise((resolve) => {
        hear = () => heard.endsWith(line) && resolve();
        hear();
      });
    async function* questions(): AsyncGenerator<Uint8Array> {
      for (const word of ['one', 'two', 'three']) {
        yield Buffer.from(`${word}\n`);
        await until(`heard ${word}\n`);
      }
    }

    const { code } = await login.ssh.exec('while read -r word; do echo "heard $word"; done', {
      stdin: questions(),
      onOutput: (chunk) => {
        heard += chunk;
        hear();
      },
    });

    expect(heard).toBe('heard one\nheard two\nheard three\n');
    expect(code).toBe(0);
  });

  test('a start-up file that ends the shell, or becomes another one, is named with what it printed', async (context) => {
    const login = await logIn(context, shell);
    if (!login || shell.startUpFile === null) return;
    const { ssh, homeDir } = login;
    const isEnded = { code: 'unsupported', message: expect.stringMatching(/ended with status .*“.*Disk quota of lab/) as string };
    for (const how of shell.endings) {
      writeHomeFile(homeDir, shell.startUpFile, `echo hello\necho Disk quota of lab: token=abcdef123456\n${how}`);

      await expect(ssh.exec('echo never'), how).rejects.toMatchObject({
        ...isEnded,
        hint: expect.stringContaining(basename(shell.startUpFile).replace('tcshrc', 'cshrc')) as string,
      });
      await expect(ssh.exec('echo never'), how).rejects.toMatchObject({ message: expect.not.stringContaining('abcdef123456') as string });
    }
  });

  test('a start-up file that never ends is given up, and nothing of the input reaches it', async (context) => {
    const login = await logIn(context, shell);
    if (!login || shell.startUpFile === null) return;
    const { ssh, homeDir } = login;
    writeHomeFile(homeDir, shell.startUpFile, `echo waiting for you\nexec /bin/sh -c 'cat >got'`);

    const attempted = ssh.exec('cat', { stdin: Buffer.from('secret\n'), startTimeoutMs: 1_500 });

    await expect(attempted).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/still busy after 1.5 s.*waiting for you/) as string,
    });
    expect(readFileSync(join(homeDir, 'got'), 'utf8')).not.toContain('secret');
  });
});

test('an account without its home folder is told so by the script that can not start there', async (context) => {
  const [dash] = LOGIN_SHELLS;
  const login = dash ? await logIn(context, dash) : null;
  if (!login) return;
  rmSync(login.homeDir, { recursive: true });
  writeFileSync(login.homeDir, '');

  const result = await login.ssh.exec('echo here');

  expect(result).toMatchObject({ stdout: '', stderr: expect.stringContaining(login.homeDir) as string });
  expect(result.code).not.toBe(0);
});
