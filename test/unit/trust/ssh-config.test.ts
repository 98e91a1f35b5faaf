import { expect, test } from 'vitest';
import { DEFAULT_SSH_SETTINGS } from '../../../src/shared/testbed.js';
import { parseResolvedHost, type ResolvedHost } from '../../../src/main/adapters/ssh/parse-resolved-host.js';
import { resolveSshRoute } from '../../../src/main/adapters/ssh/resolve-ssh-route.js';
import { parseConfigNames } from '../../../src/main/adapters/ssh/ssh-config-aliases.js';

const local = { name: 'me', homeDir: '/home/me' };
const output = (...lines: string[]): string => ['host orin', 'user nvidia', 'hostname 10.0.0.7', 'port 2201', ...lines, ''].join('\n');
const defaults = output();
const parse = (...lines: string[]): ResolvedHost => parseResolvedHost({ configured: output(...lines), defaults }, 'orin', local);
const refused = (...lines: string[]) => {
  try {
    parse(...lines);
  } catch (error) {
    return error;
  }
  return null;
};

test('address, user, key files and alias of the host key are read', () => {
  const resolved = parse('identityfile ~/.ssh/a b', 'identityfile /keys/%n-%u', 'hostkeyalias bench');

  expect(resolved).toEqual({
    host: {
      ...DEFAULT_SSH_SETTINGS,
      alias: 'orin',
      host: '10.0.0.7',
      port: 2201,
      user: 'nvidia',
      identityFiles: ['/home/me/.ssh/a b', '/keys/orin-me'],
      hostKeyAlias: 'bench',
    },
    proxyJump: null,
  });
});

test('key files that are none, relative, or need what only OpenSSH knows are left out', () => {
  const { host } = parse('identityfile none', 'identityfile id', 'identityfile /keys/%C', 'proxyjump none');

  expect(host.identityFiles).toEqual([]);
});

test('a ProxyCommand is refused, and "none" is not one', () => {
  expect(refused('proxycommand nc %h %p')).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('ProxyJump') as string });
  expect(refused('proxycommand none')).toBeNull();
});

test('an address that is none is refused by name', () => {
  const call = () => parseResolvedHost({ configured: 'user nvidia\nhostname a b;c\nport 22\n', defaults }, 'orin', local);
  expect(call).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('"orin"') as string }));
  expect(() => parseResolvedHost({ configured: '', defaults }, 'orin', local)).toThrow(/orin/);
});

/** A configuration in which each name jumps over what it says; asked questions are noted. */
function configOf(jumps: Record<string, string>) {
  const asked: string[] = [];
  const ask = (alias: string, overrides: object): Promise<ResolvedHost> => {
    asked.push(`${alias} ${JSON.stringify(overrides)}`);
    const host = { ...DEFAULT_SSH_SETTINGS, alias, host: `${alias}.lab`, port: 22, user: 'lab' };
    return Promise.resolve({ host, proxyJump: jumps[alias] ?? null });
  };
  return { asked, ask };
}

test('a jump list is gone through in its order, with the users and ports it names', async () => {
  const { asked, ask } = configOf({ orin: 'me@a:2200,ssh://[::1]:23' });

  const route = await resolveSshRoute('orin', { user: 'nvidia' }, ask);

  expect(route.hops.map((hop) => hop.alias)).toEqual(['a', '::1']);
  expect(asked).toEqual(['orin {"user":"nvidia"}', 'a {"user":"me","port":2200}', '::1 {"port":23}']);
});

test('a hop that has a hop of its own is reached over it', async () => {
  const { ask } = configOf({ orin: 'b', b: 'a' });

  expect((await resolveSshRoute('orin', {}, ask)).hops.map((hop) => hop.alias)).toEqual(['a', 'b']);
});

test('the list goes before the own hop of its later hosts', async () => {
  const { ask } = configOf({ orin: 'a,b', b: 'elsewhere' });

  expect((await resolveSshRoute('orin', {}, ask)).hops.map((hop) => hop.alias)).toEqual(['a', 'b']);
});

test('more than two hops, and hosts that jump over each other, are refused with their names', async () => {
  const long = configOf({ orin: 'b,c', b: 'a' });
  const circle = configOf({ orin: 'b', b: 'c', c: 'b' });

  const expected = { code: 'unsupported', message: expect.stringMatching(/a, b, c/) as string };
  await expect(resolveSshRoute('orin', {}, long.ask)).rejects.toMatchObject(expected);
  await expect(resolveSshRoute('orin', {}, circle.ask)).rejects.toMatchObject({ code: 'unsupported' });
});

test('a jump that is not a valid host is refused', async () => {
  const { ask } = configOf({ orin: 'a b' });

  await expect(resolveSshRoute('orin', {}, ask)).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('a b') as string,
  });
});

test('names to choose from are those without wildcards and negation', () => {
  const text = [
    '# Host nobody',
    'Host orin-1 orin-2 *.lab !bad',
    '  HostName x',
    'host="bench one"',
    'HostName y',
    'Match host z',
    'Host a # b',
  ];

  expect(parseConfigNames(text.join('\n'), 'config')).toEqual({ aliases: ['orin-1', 'orin-2', 'bench one', 'a'], includes: [] });
});

test('includes are listed as written', () => {
  expect(parseConfigNames('Include config.d/* "~/my hosts"\r\n', 'config').includes).toEqual(['config.d/*', '~/my hosts']);
});

test('includes within blocks count, and what stands after them', () => {
  const text = ['Host orin', '  Include inner', 'Match exec "true"', '  Include other', 'Host nano'].join('\n');
  expect(parseConfigNames(text, 'config')).toEqual({ aliases: ['orin', 'nano'], includes: ['inner', 'other'] });
});

test('a line that OpenSSH would not read is named with its file', () => {
  expect(() => parseConfigNames('Host "orin\n  User lab\n', '/home/me/.ssh/config')).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(/\/home\/me\/\.ssh\/config.*orin/) as string }),
  );
});
