import { describe, expect, test } from 'vitest';
import { redactAll } from '../../../src/main/adapters/log/redact-all.js';
import { Redactor } from '../../../src/main/adapters/log/redactor.js';
import { SecretFingerprints } from '../../../src/main/adapters/log/secret-fingerprints.js';

describe('what looks like a secret', () => {
  test.each([
    ['password=hunter2', 'hunter2'],
    ['{"passphrase": "two words"}', 'two words'],
    ['Authorization: Bearer abc.def', 'abc.def'],
    ['GET /?token=Zm9vYmFy HTTP/1.1', 'Zm9vYmFy'],
    ['cookie dedgeai_session_8765=s3cr3t; other', 's3cr3t'],
    ['sent with bearer abcdefghijkl', 'abcdefghijkl'],
    ['hf_abcdefghijklmnopqrstuv', 'hf_abcdefghijklmnopqrstuv'],
    ['https://lab:hunter2@mirror.example/simple', 'hunter2'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----', 'MIIEvQ'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza', 'b3BlbnNza'],
  ])('goes out of %j', (text, secret) => {
    expect(redactAll(text)).not.toContain(secret);
  });

  test('and the words around it stay', () => {
    expect(redactAll('login of lab failed: password=hunter2 was refused')).toBe('login of lab failed: password=[removed] was refused');
    expect(redactAll('The passphrase of the vault is wrong.')).toBe('The passphrase of the vault is wrong.');
  });
});

describe('a secret that was seen', () => {
  const secret = 'Correct-Horse ü 9';
  const seen = new SecretFingerprints();
  seen.remember(secret);

  test.each([
    ['as it stands', secret],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in an address', encodeURIComponent(secret)],
  ])('is found %s, at the start, in the middle, at the end and twice', (_how, form) => {
    for (const text of [form, `${form} after`, `before ${form} after`, `before ${form}`, `${form}${form}`]) {
      expect(seen.remove(text, '*')).not.toContain(form);
    }
    expect(seen.remove(`before ${form} after`, '*')).toMatch(/^before \*=* after$/);
  });

  test('is found by no text that only looks alike', () => {
    const other = secret.replace('9', '8');
    expect(seen.remove(other, '*')).toBe(other);
  });

  test('is kept nowhere in the program', () => {
    expect(JSON.stringify(seen, (_name, value: unknown) => (value instanceof Map ? [...value] : value))).not.toContain('Horse');
  });

  test('of one to three characters is left alone: it would be found in every other word', () => {
    const short = new SecretFingerprints();
    short.remember('abc');
    expect(short.remove('abcdef', '*')).toBe('abcdef');
  });
});

test('values are redacted to their depth, names of secrets whatever their value is', () => {
  const redactor = new Redactor();
  redactor.remember('hunter22');

  const clean = redactor.value({ a: [{ b: 'with hunter22 inside' }], password: 'x', count: 3, none: null });

  expect(clean).toEqual({ a: [{ b: 'with [removed] inside' }], password: '[removed]', count: 3, none: null });
});

test('a line of a private key is recognized by itself', () => {
  const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
  const redactor = new Redactor();
  redactor.remember(`-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`);

  expect(redactor.text(`the child said ${line}`)).toBe('the child said [removed]');
});
