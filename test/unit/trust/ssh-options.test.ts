// What the configuration of OpenSSH asks for beyond the address: obeyed, or named with its effect.
import { describe, expect, test } from 'vitest';
import { parseResolvedHost } from '../../../src/main/adapters/ssh/parse-resolved-host.js';
import { agentSocketOf } from '../../../src/main/adapters/ssh/ssh-agent.js';
import type { SshHost } from '../../../src/shared/testbed.js';

const ADDRESS = ['host orin', 'user lab', 'hostname 10.0.0.7', 'port 22'];
const USUAL = [
  'stricthostkeychecking ask',
  'userknownhostsfile /home/me/.ssh/known_hosts /home/me/.ssh/known_hosts2',
  'globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2',
  'compression no',
  'ciphers a,b',
];

/** The host behind defaults, with what lines say instead of them. */
function resolve(...lines: string[]): SshHost {
  const keywords = lines.map((line) => line.split(' ')[0]);
  const kept = USUAL.filter((line) => !keywords.includes(line.split(' ')[0]));
  const output = { configured: [...ADDRESS, ...kept, ...lines].join('\n'), defaults: [...ADDRESS, ...USUAL].join('\n') };
  return parseResolvedHost(output, 'orin', { name: 'me', homeDir: '/home/me' }).host;
}

test('without a word of the configuration everything is as usual', () => {
  expect(resolve()).toMatchObject({
    hostKeyRules: { knownHostsFiles: null, revokedKeysFiles: [], unknownKey: 'ask' },
    identitiesOnly: false,
    identityAgent: null,
    remarks: [],
  });
});

test.each([
  ['yes', 'refuse'],
  ['true', 'refuse'],
  ['ask', 'ask'],
  ['accept-new', 'accept'],
  ['no', 'accept'],
  ['off', 'accept'],
  ['false', 'accept'],
  ['a-word-of-tomorrow', 'refuse'],
])('StrictHostKeyChecking %s: an unknown key is met with "%s"', (value, unknownKey) => {
  expect(resolve(`stricthostkeychecking ${value}`).hostKeyRules.unknownKey).toBe(unknownKey);
});

test('StrictHostKeyChecking no is named, because a changed key is refused all the same', () => {
  expect(resolve('stricthostkeychecking false').remarks).toEqual([expect.stringMatching(/changed is refused/) as string]);
});

test('files of known hosts are those of the configuration, several of them, also with blanks in their names', () => {
  expect(resolve('userknownhostsfile ~/.ssh/lab /srv/known hosts %d/%n', 'globalknownhostsfile none').hostKeyRules.knownHostsFiles).toEqual(
    ['/home/me/.ssh/lab', '/srv/known hosts', '/home/me/orin'],
  );
  expect(resolve('userknownhostsfile none').hostKeyRules.knownHostsFiles).toEqual([
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ]);
  expect(resolve('revokedhostkeys ~/revoked').hostKeyRules.revokedKeysFiles).toEqual(['/home/me/revoked']);
});

test.each(['userknownhostsfile here', 'userknownhostsfile /keys/%Z', 'revokedhostkeys here', 'identityagent sock'])(
  '"%s" is refused: whom to trust can not be left out',
  (line) => {
    expect(() => resolve(line)).toThrow(
      expect.objectContaining({ code: 'unsupported', hint: expect.stringContaining('absolute') as string }),
    );
  },
);

test.each([
  ['none', 'none'],
  ['SSH_AUTH_SOCK', null],
  ['$LAB_AGENT', '$LAB_AGENT'],
  ['~/agent-%h', '/home/me/agent-10.0.0.7'],
])('IdentityAgent %s', (value, expected) => {
  expect(resolve(`identityagent ${value}`).identityAgent).toBe(expected);
});

test('an agent is found where the configuration says', () => {
  expect(agentSocketOf(null, '/usual')).toBe('/usual');
  expect(agentSocketOf('none', '/usual')).toBeNull();
  expect(agentSocketOf('/other', '/usual')).toBe('/other');
  expect(agentSocketOf('$LAB_AGENT', '/usual', { LAB_AGENT: '/lab' })).toBe('/lab');
  expect(agentSocketOf('$LAB_AGENT', '/usual', {})).toBeNull();
});

describe('what is not obeyed', () => {
  test('is named with its value and its effect', () => {
    expect(resolve('compression yes', 'ciphers c').remarks).toEqual([
      'Compression yes is not supported: data is sent without compression.',
      'Ciphers c is not supported: the algorithms of this program are offered instead.',
    ]);
  });

  test('is not named where it is the default, or has no meaning here', () => {
    expect(resolve('compression no', 'visualhostkey yes', 'forwardagent yes', 'sendenv LANG').remarks).toEqual([]);
  });

  test('is named by its keyword where no table has it', () => {
    expect(resolve('optionoftomorrow 1').remarks).toEqual(['optionoftomorrow 1 is not supported: this program does not know the option.']);
  });

  test('RefuseConnection ends it there', () => {
    expect(() => resolve('refuseconnection ask the admin')).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});

test('a certificate of a user, which the SSH library can not present, is named with what lets this program in instead', () => {
  expect(resolve('certificatefile ~/.ssh/id_ed25519-cert.pub').remarks).toEqual([
    expect.stringMatching(/^CertificateFile.*certificate is not presented.*node authorize/),
  ]);
});
