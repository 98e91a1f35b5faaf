import { expect, test } from 'vitest';
import { chooseService } from '../../../src/main/domain/nodes/provisioning/service/choose-service.js';
import { parseService, type ServiceFound } from '../../../src/main/domain/nodes/provisioning/service/find-service.js';

const SHA = 'a'.repeat(64);
const found = (change: Partial<ServiceFound> = {}): ServiceFound => ({
  ...parseService('uid=1000\nuser=nvidia\nhome=/home/nvidia\nroot=password\n', false),
  ...change,
});
const choose = (change: Partial<ServiceFound>, desired: Parameters<typeof chooseService>[0]['desired'] = 'auto', hasSudoPassword = false) =>
  chooseService({ desired, found: found(change), isVirtual: false, hasSudoPassword });

const USERS = { hasSystemd: true, hasUserManager: true };

test.each([
  ["the user's systemd where it lingers", { ...USERS, isLingering: true }, false, 'systemd-user'],
  ["the user's systemd where the user may let it linger", { ...USERS, mayLinger: true }, false, 'systemd-user'],
  ["the user's systemd where a known sudo password lets it linger", USERS, true, 'systemd-user'],
  ["the user's systemd where sudo asks nothing", { ...USERS, rootAccess: 'free' as const }, false, 'systemd-user'],
  ["a supervisor where the user's systemd would end with the login", USERS, false, 'supervised'],
  ["the system's for root", { hasSystemd: true, hasUserManager: true, uid: 0, rootAccess: 'root' as const }, false, 'systemd-system'],
  ["the system's by a known sudo password", { hasSystemd: true }, true, 'systemd-system'],
  ['a supervisor while the sudo password is not known', { hasSystemd: true }, false, 'supervised'],
  ['a supervisor without systemd', {}, true, 'supervised'],
])('left to itself it takes %s', (_, change, hasSudoPassword, kind) => {
  expect(choose(change, 'auto', hasSudoPassword)).toMatchObject({ kind });
});

test('a fallback says what it lacks', () => {
  expect(choose(USERS)).toMatchObject({ remark: expect.stringContaining('(As root: loginctl enable-linger nvidia.)') as string });
  expect(choose({})).toMatchObject({ remark: expect.stringContaining('nothing starts it after a reboot') as string });
});

test('a way that can not be had is blocked with a remedy, and never replaced by another one', () => {
  expect(choose({ hasSystemd: true }, 'systemd-system')).toMatchObject({ verdict: 'blocked', why: 'it needs the sudo password.' });
  expect(choose({ hasSystemd: true, rootAccess: 'none' }, 'systemd-system')).toMatchObject({ verdict: 'blocked' });
  expect(choose({}, 'systemd-user')).toMatchObject({ verdict: 'blocked', remedy: 'Choose the supervised way.' });
});

test('a virtual node starts its agent by itself, whatever is wanted', () => {
  const choice = chooseService({ desired: 'systemd-system', found: found(), isVirtual: true, hasSudoPassword: false });
  expect(choice).toEqual({ kind: 'detached', remark: null });
});

test('what a node tells of its service is read, and a configuration may contain anything', () => {
  const output = `uid=0\nuser=root\nhome=/root\npid=77\nsystemd=yes\nmanager=yes\nuser-hash=${SHA}\nuser-active=active\nuser-enabled=enabled\nroot=root\nsupervised=yes\ncurrent=yes\nconfig=\n{"a":"uid=5\\nroot=none"}\nuid=9\n`;
  expect(parseService(output, false)).toEqual({
    uid: 0,
    userName: 'root',
    homeDir: '/root',
    hasSystemd: true,
    hasUserManager: true,
    isLingering: false,
    mayLinger: false,
    rootAccess: 'root',
    userUnit: { sha256: SHA, isActive: true, isEnabled: true },
    systemUnit: { sha256: null, isActive: false, isEnabled: false },
    isSupervised: true,
    exitWithPid: null,
    isCurrent: true,
    config: '{"a":"uid=5\\nroot=none"}\nuid=9\n',
  });
  expect(parseService('pid=77\n', true).exitWithPid).toBe(77);
});
