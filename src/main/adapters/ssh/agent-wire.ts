// What is said between an SSH agent and those who ask it (draft-ietf-sshm-ssh-agent), as far as an agent that lists and signs needs it. Pure.
// The SSH library has a side of an agent too, which loses its place in the stream at the first message that it does not know.

/** A key as it is listed: in SSH wire format. */
export interface ListedKey {
  blob: Buffer;
  comment: string;
}

export type AgentRequest =
  | { kind: 'list' }
  | {
      kind: 'sign';
      blob: Buffer;
      data: Buffer;
      /** For a key of RSA; undefined for what the key itself says. */
      hash: 'sha256' | 'sha512' | undefined;
    }
  | { kind: 'other' };

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
const RSA_SHA2_256 = 2;
const RSA_SHA2_512 = 4;
/** As OpenSSH's agent: no request is longer. */
const MAX_MESSAGE_BYTES = 256 * 1024;

export const AGENT_FAILURE: Buffer = framed(Buffer.from([5]));

/** Cuts a stream into requests; each piece may hold a part of one, or several. */
export class AgentRequests {
  #rest: Buffer = Buffer.alloc(0);

  /** Throws when what comes is no request of an agent. */
  take(piece: Buffer): AgentRequest[] {
    this.#rest = Buffer.concat([this.#rest, piece]);
    const requests: AgentRequest[] = [];
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE();
      if (length === 0 || length > MAX_MESSAGE_BYTES) throw new Error(`A message for an SSH agent has ${length} bytes`);
      if (this.#rest.length < 4 + length) break;
      requests.push(readRequest(this.#rest.subarray(4, 4 + length)));
      this.#rest = this.#rest.subarray(4 + length);
    }
    return requests;
  }
}

export function identitiesAnswer(keys: readonly ListedKey[]): Buffer {
  const listed = keys.flatMap(({ blob, comment }) => [string(blob), string(Buffer.from(comment))]);
  return framed(Buffer.concat([Buffer.from([IDENTITIES_ANSWER]), uint32(keys.length), ...listed]));
}

/** `algorithm` as in SSH: `rsa-sha2-512`. */
export function signResponse(algorithm: string, signature: Buffer): Buffer {
  const inner = Buffer.concat([string(Buffer.from(algorithm)), string(signature)]);
  return framed(Buffer.concat([Buffer.from([SIGN_RESPONSE]), string(inner)]));
}

/**
 * Signatures on elliptic curves come as ASN.1's sequence of two integers; SSH writes the same integers, each behind its length in four bytes.
 */
export function toSshEcdsaSignature(der: Buffer): Buffer {
  // The length of a sequence of more than 127 bytes takes one byte more.
  const first = der.readUInt8(1) > 0x80 ? 3 : 2;
  const integerAt = (at: number): Buffer => der.subarray(at + 2, at + 2 + der.readUInt8(at + 1));
  const one = integerAt(first);
  return Buffer.concat([string(one), string(integerAt(first + 2 + one.length))]);
}

function readRequest(message: Buffer): AgentRequest {
  const type = message.readUInt8();
  if (type === REQUEST_IDENTITIES) return { kind: 'list' };
  if (type !== SIGN_REQUEST) return { kind: 'other' };
  const [blob, afterBlob] = readString(message, 1);
  const [data, afterData] = readString(message, afterBlob);
  const flags = message.readUInt32BE(afterData);
  const hash = (flags & RSA_SHA2_512) !== 0 ? 'sha512' : (flags & RSA_SHA2_256) !== 0 ? 'sha256' : undefined;
  return { kind: 'sign', blob, data, hash };
}

/** The string at an offset, and the offset behind it. */
function readString(message: Buffer, at: number): [Buffer, number] {
  const end = at + 4 + message.readUInt32BE(at);
  if (end > message.length) throw new Error('A message for an SSH agent is shorter than it says');
  return [message.subarray(at + 4, end), end];
}

function framed(message: Buffer): Buffer {
  return string(message);
}

function string(content: Buffer): Buffer {
  return Buffer.concat([uint32(content.length), content]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
