import { describe, expect, test } from 'vitest';
import {
  AGENT_FAILURE,
  AgentRequests,
  identitiesAnswer,
  signResponse,
  toSshEcdsaSignature,
} from '../../../src/main/adapters/ssh/agent-wire.js';

const string = (text: string | Buffer): Buffer => {
  const content = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};
const LIST = string(Buffer.from([11]));
/** `session-bind@openssh.com`, which OpenSSH sends first. */
const EXTENSION = string(Buffer.concat([Buffer.from([27]), string('session-bind@openssh.com'), string('key')]));
const sign = (flags: number): Buffer =>
  string(Buffer.concat([Buffer.from([13]), string('key'), string('data'), Buffer.from([0, 0, 0, flags])]));

test('requests are found wherever the stream is cut', () => {
  const stream = Buffer.concat([EXTENSION, LIST, sign(4)]);
  for (let cut = 1; cut < stream.length; cut++) {
    const requests = new AgentRequests();
    const kinds = [...requests.take(stream.subarray(0, cut)), ...requests.take(stream.subarray(cut))].map(({ kind }) => kind);
    expect(kinds).toEqual(['other', 'list', 'sign']);
  }
});

test.each([
  [0, undefined],
  [2, 'sha256'],
  [4, 'sha512'],
] as const)('the flags %d ask for a signature with %s', (flags, hash) => {
  expect(new AgentRequests().take(sign(flags))).toEqual([{ kind: 'sign', blob: Buffer.from('key'), data: Buffer.from('data'), hash }]);
});

describe('what is no request is refused', () => {
  test.each([
    ['a message without a type', Buffer.alloc(4)],
    ['a message longer than any', Buffer.from([0, 255, 255, 255])],
    ['a string longer than its message', string(Buffer.from([13, 0, 0, 1, 0]))],
    ['a signature without its flags', string(Buffer.concat([Buffer.from([13]), string('key'), string('data')]))],
  ])('%s', (_what, bytes) => {
    expect(() => new AgentRequests().take(bytes)).toThrow();
  });
});

test('answers are framed as the protocol says', () => {
  expect(AGENT_FAILURE).toEqual(Buffer.from([0, 0, 0, 1, 5]));
  const listed = string(Buffer.concat([Buffer.from([12, 0, 0, 0, 1]), string('key'), string('me')]));
  expect(identitiesAnswer([{ blob: Buffer.from('key'), comment: 'me' }])).toEqual(listed);
  const signed = string(Buffer.concat([Buffer.from([14]), string(Buffer.concat([string('ssh-ed25519'), string('sig')]))]));
  expect(signResponse('ssh-ed25519', Buffer.from('sig'))).toEqual(signed);
});

test.each([
  ['short', Buffer.from([0x30, 7, 2, 2, 0, 0x81, 2, 1, 5])],
  ['with a length of two bytes', Buffer.from([0x30, 0x81, 7, 2, 2, 0, 0x81, 2, 1, 5])],
])('a signature on an elliptic curve, %s, keeps its two integers', (_what, der) => {
  expect(toSshEcdsaSignature(der)).toEqual(Buffer.concat([string(Buffer.from([0, 0x81])), string(Buffer.from([5]))]));
});
