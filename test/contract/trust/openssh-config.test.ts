// OpenSSH's client asked for what a configuration means.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test as plainTest } from 'vitest';
import { OpenSshConfig } from '../../../src/main/adapters/ssh/openssh-config.js';
import { listSshAliases } from '../../../src/main/adapters/ssh/ssh-config-aliases.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-ssh-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const hasClient = ((): boolean => {
  try {
    execFileSync('ssh', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A test that needs OpenSSH's client; a word about it on a machine without. */
function test(name: string, act: () => Promise<void>): void {
  plainTest(name, async (context) => {
    if (hasClient) await act();
    else await context.annotate('There is no ssh on this machine, so OpenSSH was not asked.');
  });
}

function config(...lines: string[]): OpenSshConfig {
  writeFileSync(join(dir, 'config'), `${lines.join('\n')}\n`);
  return new OpenSshConfig({ configPath: join(dir, 'config') });
}

test('aliases, wildcards and a chain of two hops are resolved as ssh would', async () => {
  const asked = config(
    'Host orin-?',
    '  HostName %h.lab.example',
    '  User nvidia',
    '  IdentityFile /keys/orin',
    '  ProxyJump outer,me@inner:2222',
    'Host outer',
    '  HostName 192.0.2.1',
    '  User gate',
    'Host inner',
    '  HostName 10.0.0.2',
    '  HostKeyAlias inner-gate',
  );

  const { host, hops } = await asked.resolve('orin-3');

  expect(host).toMatchObject({ alias: 'orin-3', host: 'orin-3.lab.example', port: 22, user: 'nvidia', identityFiles: ['/keys/orin'] });
  expect(hops).toMatchObject([
    { alias: 'outer', host: '192.0.2.1', port: 22, user: 'gate', hostKeyAlias: null },
    { alias: 'inner', host: '10.0.0.2', port: 2222, user: 'me', hostKeyAlias: 'inner-gate' },
  ]);
});

test('what the user names goes before the configuration', async () => {
  const asked = config('Host orin', '  HostName 10.0.0.7', '  User nvidia', '  Port 2201');

  expect((await asked.resolve('orin', { user: 'root', port: 22 })).host).toMatchObject({ host: '10.0.0.7', user: 'root', port: 22 });
});

test('a mistake in the configuration is told in the words of OpenSSH', async () => {
  await expect(config('Host orin', '  Prot 22').resolve('orin')).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringMatching(/prot/i) as string,
  });
});

test('a word that could be an option never reaches the command line', async () => {
  const asked = config('');
  for (const word of ['-oProxyCommand=touch /tmp/x', 'a b', '$(id)', 'a`id`', '']) {
    await expect(asked.resolve(word)).rejects.toMatchObject({ code: 'invalid-input' });
  }
  await expect(asked.resolve('orin', { user: '-v' })).rejects.toMatchObject({ code: 'invalid-input' });
});

test('a configuration whose command hangs is given up', async () => {
  writeFileSync(join(dir, 'config'), 'Match exec "exec sleep 5"\n  User nobody\n');
  const asked = new OpenSshConfig({ configPath: join(dir, 'config'), timeoutMs: 200 });

  await expect(asked.resolve('orin')).rejects.toMatchObject({ code: 'io', hint: expect.stringContaining('Match exec') as string });
});

plainTest('only names that resolve can be chosen', async () => {
  expect(await config('Host orin "bench one" -oX=y').listAliases()).toEqual(['orin']);
});

plainTest('without OpenSSH there is a clear word', async () => {
  await expect(new OpenSshConfig({ program: join(dir, 'no-ssh') }).resolve('orin')).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('OpenSSH') as string,
  });
});

plainTest('names of included files are listed too, and a circle of includes ends', async () => {
  mkdirSync(join(dir, '.ssh', 'config.d'), { recursive: true });
  const path = join(dir, '.ssh', 'config');
  writeFileSync(path, 'Include config.d/*.conf ~/.ssh/config missing\nHost orin-1 *.lab\n');
  writeFileSync(join(dir, '.ssh', 'config.d', 'b.conf'), 'Host orin-3 orin-1\n');
  writeFileSync(join(dir, '.ssh', 'config.d', 'a.conf'), 'Host orin-2\n');
  writeFileSync(join(dir, '.ssh', 'config.d', 'notes.txt'), 'Host no one\n');

  expect(await listSshAliases(path, dir)).toEqual(['orin-1', 'orin-2', 'orin-3']);
  expect(await listSshAliases(join(dir, 'none'), dir)).toEqual([]);
});
