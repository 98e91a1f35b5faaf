// Who may use the web shell: anyone who redeemed a token that this program printed. A token works once; a session ends with the program.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

export class Sessions {
  readonly #cookieName: string;
  readonly #sessionDigests: Buffer[] = [];
  #token = newSecret();

  /** `port` is part of the cookie's name: browsers do not keep the ports of one host apart. */
  constructor(port: number) {
    this.#cookieName = `dedgeai_session_${port}`;
  }

  /** The token that opens the next session. */
  get token(): string {
    return this.#token;
  }

  /** Exchanges the token for the `set-cookie` value of a new session, and makes the next token; null for any other token. */
  redeem(token: string): string | null {
    if (!isSame(digest(token), digest(this.#token))) return null;
    this.#token = newSecret();
    const session = newSecret();
    this.#sessionDigests.push(digest(session));
    return `${this.#cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a request's `cookie` header carries a session of this program. */
  isOpen(cookieHeader: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`;
    const presented = (cookieHeader ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(prefix))
      .map((part) => digest(part.slice(prefix.length)));
    return presented.some((value) => this.#sessionDigests.some((known) => isSame(value, known)));
  }
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Digests have one length, so that comparing them reveals nothing about the secret. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function isSame(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}
