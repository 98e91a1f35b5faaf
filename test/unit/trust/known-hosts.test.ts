import { expect, test } from 'vitest';
import { parseHostKey } from '../../../src/main/adapters/ssh/host-key.js';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { verifyByKnownHosts, recordedKeyTypes } from '../../../src/main/adapters/ssh/verify-by-known-hosts.js';
import { parseKnownHosts, locationOf } from '../../../src/main/adapters/ssh/known-hosts.js';

const keyText = (): string => generateSshKeyPair().publicKeyLine.split(' ').slice(0, 2).join(' ');
const toKey = (text: string) => parseHostKey(Buffer.from(text.split(' ')[1]!, 'base64'));
const at = (host: string, port = 22, hostKeyAlias: string | null = null) => ({ host, port, hostKeyAlias });

const shown = keyText();
const other = keyText();
/** A key of another type; never used to verify anything. */
const ecdsa = `ecdsa-sha2-nistp256 ${wire('ecdsa-sha2-nistp256', 'x'.repeat(40))}`;

function wire(type: string, body: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(body)]).toString('base64');
}

function verdict(lines: string[], endpoint = at('orin-1.lab')): string {
  const said = verifyByKnownHosts(parseKnownHosts(lines.join('\n'), '/f'), endpoint, toKey(shown));
  return said.kind === 'unknown' ? said.kind : `${said.kind} ${locationOf(said.entry)}`;
}

test('a plain line makes the key of its host known, whatever the case', () => {
  expect(verdict(['# mine', '', `ORIN-1.lab ${shown} comment here`])).toBe('known /f:3');
});

test('a host of a list of names is known by the line', () => {
  expect(verdict([`10.0.0.7,orin-1.lab,orin-2.lab ${shown}`])).toBe('known /f:1');
});

test('a wildcard names its hosts, and a negated name is taken out again', () => {
  expect(verdict([`*.lab ${shown}`])).toBe('known /f:1');
  expect(verdict([`orin-?.lab ${shown}`])).toBe('known /f:1');
  expect(verdict([`*.lab,!orin-1.* ${shown}`])).toBe('unknown');
  expect(verdict([`!orin-1.lab ${shown}`])).toBe('unknown');
});

test('a host at another port has its own line', () => {
  expect(verdict([`[orin-1.lab]:2201 ${shown}`], at('orin-1.lab', 2201))).toBe('known /f:1');
  expect(verdict([`[orin-1.lab]:2201 ${shown}`], at('orin-1.lab', 2202))).toBe('unknown');
  expect(verdict([`[orin-1.lab]:2201 ${shown}`])).toBe('unknown');
});

test('at another port the same key on a line without port is enough, and another key there is no contradiction', () => {
  expect(verdict([`orin-1.lab ${shown}`], at('orin-1.lab', 2201))).toBe('known /f:1');
  expect(verdict([`orin-1.lab ${other}`], at('orin-1.lab', 2201))).toBe('unknown');
});

test('an alias for the host key stands for host and port', () => {
  expect(verdict([`bench ${shown}`], at('10.0.0.7', 2201, 'Bench'))).toBe('known /f:1');
  expect(verdict([`[10.0.0.7]:2201 ${shown}`], at('10.0.0.7', 2201, 'bench'))).toBe('unknown');
});

test('a hashed name names its host alone', () => {
  // Made by "ssh-keygen -H" of a line for orin-1.lab.
  const hosts = '|1|/6N/gIC1i0tQJx/F1Xu+49guLjY=|fxFos8U6sVHsqniy/T8KwVCcFRA=';
  expect(verdict([`|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA= ${shown}`])).toBe('unknown');
  expect(verdict([`${hosts} ${shown}`])).toBe('known /f:1');
  expect(verdict([`${hosts} ${shown}`], at('orin-2.lab'))).toBe('unknown');
});

test('another key is a change, and the line of the same type is named before one of another', () => {
  expect(verdict([`orin-1.lab ${ecdsa}`, `orin-1.lab ${other}`])).toBe('changed /f:2');
  expect(verdict([`orin-1.lab ${ecdsa}`])).toBe('changed /f:1');
});

test('any line with the same key makes it known, beside lines with others', () => {
  expect(verdict([`orin-1.lab ${other}`, `orin-1.lab ${ecdsa}`, `orin-1.lab ${shown}`])).toBe('known /f:3');
});

test('a revoked key is refused even where another line knows it', () => {
  expect(verdict([`orin-1.lab ${shown}`, `@revoked * ${shown}`])).toBe('revoked /f:2');
  expect(verdict([`@revoked * ${other}`])).toBe('unknown');
  expect(verdict([`@revoked orin-1.lab ${shown}`], at('orin-1.lab', 2201))).toBe('revoked /f:1');
});

test('a certificate authority makes nothing known and nothing changed', () => {
  expect(verdict([`@cert-authority *.lab ${shown}`])).toBe('unknown');
  expect(verdict([`@cert-authority *.lab ${other}`])).toBe('unknown');
});

test('malformed lines are passed over and counted', () => {
  const lines = [
    'orin-1.lab',
    `orin-1.lab ssh-ed25519`,
    `orin-1.lab ssh-ed25519 !!!`,
    `orin-1.lab ssh-rsa ${shown.split(' ')[1]}`,
    `@trusted orin-1.lab ${shown}`,
    `|1|short|hash ${shown}`,
    'orin-1.lab 1024 35 1234567890',
    `orin-1.lab ${other}\r`,
  ];

  expect(parseKnownHosts(lines.join('\n'), '/f')).toMatchObject({ malformedLineCount: 7, entries: [{ line: 8 }] });
});

test('the key types on record are listed once, without revoked keys and authorities', () => {
  const lines = [
    `orin-1.lab ${other}`,
    `*.lab ${shown}`,
    `orin-1.lab ${ecdsa}`,
    `@revoked orin-1.lab ${shown}`,
    `@cert-authority * ${ecdsa}`,
  ];

  expect(recordedKeyTypes(parseKnownHosts(lines.join('\n'), '/f'), at('orin-1.lab'))).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256']);
});
