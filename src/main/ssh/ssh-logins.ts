// Ways to prove to a server who the user is. All of them hold or reach secrets: they stay in the main process and out of every message.
import type { AnyAuthMethod } from 'ssh2';
import { assertUsablePrivateKey } from './key-pair.js';

export type SshLogin =
  | { kind: 'key'; privateKeyPem: string; passphrase: string | null; description: string }
  /** Every key that an agent holds; `socketPath` as in SSH_AUTH_SOCK. */
  | { kind: 'agent'; socketPath: string; description: string }
  | { kind: 'password'; password: string; description: string };

/** As ssh2 tries them, in their order. Throws `invalid-input` for a key that can't be used. */
export function toAuthMethods(user: string, logins: readonly SshLogin[]): AnyAuthMethod[] {
  return logins.map((login): AnyAuthMethod => {
    switch (login.kind) {
      case 'key': {
        assertUsablePrivateKey(login.privateKeyPem, login.description, login.passphrase);
        const key = { type: 'publickey', username: user, key: login.privateKeyPem } as const;
        return login.passphrase === null ? key : { ...key, passphrase: login.passphrase };
      }
      case 'agent':
        return { type: 'agent', username: user, agent: login.socketPath };
      case 'password':
        return { type: 'password', username: user, password: login.password };
    }
  });
}

/** `key file a, SSH agent`: for messages; holds no secret. */
export function describeLogins(logins: readonly SshLogin[]): string {
  return logins.map((login) => login.description).join(', ');
}
