import { expect, test } from 'vitest';
import { areSameFacts, majorVersion, parseFacts } from '../../../src/main/provisioning/parse-facts.js';

const READ_AT_MS = 1_800_000_000_000;

const DEBIAN = `hostname=lab-7
os=Debian GNU/Linux 12 (bookworm)
kernel=Linux 6.1.0-18-amd64
architecture=x86_64
model=
product=Standard PC (Q35 + ICH9, 2009)
l4t=
l4t_core=
cpus=8
memory_total_kb=16384000
memory_available_kb=12000000
disk_free_kb=51200000
node=v22.11.0
`;

const JETSON = `hostname=orin-1
os=Ubuntu 22.04.5 LTS
kernel=Linux 5.15.148-tegra
architecture=aarch64
model=NVIDIA Jetson AGX Orin Developer Kit
product=
l4t=# R36 (release), REVISION: 4.7, GCID: 42132812, BOARD: generic, EABI: aarch64, DATE: Thu Sep 18 22:54:44 UTC 2025
l4t_core=36.4.7-20250918154033
cpus=12
memory_total_kb=64324608
memory_available_kb=60000000
disk_free_kb=20000000
node=
`;

test('the facts of a Debian host', () => {
  expect(parseFacts(DEBIAN, READ_AT_MS)).toEqual({
    hostname: 'lab-7',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    kernel: 'Linux 6.1.0-18-amd64',
    architecture: 'x86_64',
    deviceModel: 'Standard PC (Q35 + ICH9, 2009)',
    l4tVersion: null,
    cpuCount: 8,
    memoryTotalBytes: 16384000 * 1024,
    memoryAvailableBytes: 12000000 * 1024,
    diskFreeBytes: 51200000 * 1024,
    nodeVersion: 'v22.11.0',
    readAtMs: READ_AT_MS,
  });
});

test('the facts of a Jetson: its model from the device tree, its L4T from the release line', () => {
  expect(parseFacts(JETSON, READ_AT_MS)).toMatchObject({
    deviceModel: 'NVIDIA Jetson AGX Orin Developer Kit',
    architecture: 'aarch64',
    l4tVersion: '36.4.7',
    cpuCount: 12,
    nodeVersion: null,
  });
});

test('a Jetson without the release file tells its L4T by the package', () => {
  expect(parseFacts(JETSON.replace(/^l4t=.*$/m, 'l4t='), READ_AT_MS).l4tVersion).toBe('36.4.7');
});

test('a node that tells nothing has no facts, and that is no error', () => {
  const { readAtMs, ...facts } = parseFacts('', READ_AT_MS);

  expect(readAtMs).toBe(READ_AT_MS);
  expect(Object.values(facts).every((value) => value === null)).toBe(true);
});

test('what a hostile node says is bounded and cleaned', () => {
  const facts = parseFacts(
    [
      'Welcome to the node! cpus=999 __proto__=x',
      `hostname=\u001b]0;owned\u0007${'h'.repeat(5000)}`,
      'hostname=second answer',
      'cpus=-4',
      'memory_total_kb=1e9',
      'disk_free_kb=99999999999999999999',
      'node=; rm -rf /',
      '=empty',
    ].join('\r\n'),
    READ_AT_MS,
  );

  expect(facts.hostname).toMatch(/^\]0;owned h+…$/);
  expect(facts.hostname!.length).toBeLessThanOrEqual(200);
  expect(facts).toMatchObject({ cpuCount: null, memoryTotalBytes: null, diskFreeBytes: null, nodeVersion: null });
});

test('memory and disk that vary by the minute do not make other facts', () => {
  const before = parseFacts(DEBIAN, READ_AT_MS);
  const later = parseFacts(DEBIAN.replace('12000000', '11000000').replace('51200000', '51100000'), READ_AT_MS + 1);

  expect(areSameFacts(before, later)).toBe(true);
  expect(areSameFacts(before, parseFacts(DEBIAN.replace('cpus=8', 'cpus=4'), READ_AT_MS))).toBe(false);
  expect(areSameFacts(null, before)).toBe(false);
});

test.each([
  ['v24.1.0', 24],
  ['v9.0.0', 9],
  ['24', null],
  [null, null],
])('the major version of %s is %s', (version, major) => {
  expect(majorVersion(version)).toBe(major);
});
