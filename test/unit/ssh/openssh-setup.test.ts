import { expect, test } from 'vitest';
import { setUpOpenSsh, whyNotOpenSsh } from '../../../src/main/adapters/ssh/openssh-setup.js';
import type { ResolvedSshHop } from '../../../src/main/adapters/ssh/ssh-route.js';

const FOLDER = '/tmp/dedgeai-ssh-Ab12cD';

function hop(change: Partial<ResolvedSshHop> = {}): ResolvedSshHop {
  return {
    host: '10.0.0.7',
    port: 22,
    user: 'nvidia',
    logins: [{ kind: 'key', privateKeyPem: 'SECRET', passphrase: 'ALSO', description: 'key file /k' }],
    hostKey: { keyType: 'ssh-ed25519', keyBase64: 'AAAAnode' },
    ...change,
  };
}

test('the node is known by its recorded key alone, and ssh asks, forwards and looks up nothing', () => {
  const { files, destination } = setUpOpenSsh([hop()], FOLDER);

  expect(files.known_hosts).toBe(`${destination} ssh-ed25519 AAAAnode\n`);
  const lines = files.config.split('\n').map((line) => line.trim());
  expect(lines).toEqual(
    expect.arrayContaining([
      `Host ${destination}`,
      'HostName 10.0.0.7',
      'User nvidia',
      `HostKeyAlias ${destination}`,
      'HostKeyAlgorithms ssh-ed25519',
      'StrictHostKeyChecking yes',
      `UserKnownHostsFile "${FOLDER}/known_hosts"`,
      'GlobalKnownHostsFile /dev/null',
      'BatchMode yes',
      'PreferredAuthentications publickey',
      `IdentityAgent "${FOLDER}/agent-0"`,
      'ForwardAgent no',
    ]),
  );
  expect(files.config).not.toContain('ProxyJump');
  expect(files.config + files.known_hosts).not.toMatch(/SECRET|ALSO/);
});

test('each host on the way has its own key and its own agent, and leads to the next', () => {
  const gate = hop({ host: 'gate', port: 2222, user: 'me', hostKey: { keyType: 'ssh-rsa', keyBase64: 'AAAAgate' } });

  const { files, destination } = setUpOpenSsh([gate, hop()], FOLDER);

  expect(files.known_hosts).toBe('dedgeai-0 ssh-rsa AAAAgate\ndedgeai-1 ssh-ed25519 AAAAnode\n');
  expect(destination).toBe('dedgeai-1');
  const [first, second] = files.config.split(/^Host /m).slice(1);
  expect(first).toContain('HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256\n');
  expect(first).toContain('agent-0');
  expect(first).not.toContain('ProxyJump');
  expect(second).toContain('ProxyJump dedgeai-0\n');
  expect(second).toContain('agent-1');
});

test('an ordinary way is one for ssh', () => {
  expect(whyNotOpenSsh([hop({ host: 'gate.lab-1.example' }), hop({ host: '::1' })], FOLDER)).toBeNull();
});

test.each([
  ['a password', hop({ logins: [{ kind: 'password', password: 'x', description: 'password' }] }), FOLDER, /password/],
  ['a user that a configuration would read otherwise', hop({ user: 'DOMAIN\\user' }), FOLDER, /quotes/],
  ['a user that starts as an option', hop({ user: '-oProxyCommand=x' }), FOLDER, /quotes/],
  ['a host with a token in it', hop({ host: 'fe80::1%eth0' }), FOLDER, /quotes/],
  ['a host with a line end in it', hop({ host: 'orin\nProxyCommand touch x' }), FOLDER, /quotes/],
  ['a host key of another type', hop({ hostKey: { keyType: 'sk-ssh-ed25519@openssh.com', keyBase64: 'A' } }), FOLDER, /unusual type/],
  ['a folder with a quote', hop(), '/tmp/a"b', /quotes/],
  ['a folder too deep for sockets', hop(), `/tmp/${'deep/'.repeat(20)}`, /too long/],
])('%s is not handed to ssh', (_what, last, folder, why) => {
  expect(whyNotOpenSsh([last], folder)).toMatch(why);
});
