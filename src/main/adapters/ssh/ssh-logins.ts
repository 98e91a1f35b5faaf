// Ways to prove to a server who the user is. All of them hold or reach secrets: they stay in the main process and out of every message.
import type { AnyAuthMethod, AuthenticationType, KeyboardInteractiveAuthMethod } from 'ssh2';
import { openPrivateKey } from './key-pair.js';
import { limitAgent } from './ssh-agent.js';

export type SshLogin =
  | { kind: 'key'; privateKeyPem: string; passphrase: string | null; description: string }
  /** The keys that an agent holds, all of them when `onlyKeys` is absent (public keys in wire format, base64); `socketPath` as in SSH_AUTH_SOCK. */
  | { kind: 'agent'; socketPath: string; onlyKeys?: string[]; description: string }
  | { kind: 'password'; password: string; description: string };

export interface LoginAttempts {
  /** The next method as ssh2 asks for it, with those that the server still takes (null before it has said); false when none is left. */
  next(methodsLeft: readonly AuthenticationType[] | null): AnyAuthMethod | false;
  /** Whether a password has left: a server may take none, or only together with something else. */
  readonly isPasswordSent: boolean;
}

/**
 * In the order of the logins. A password is sent once, by the one method that the server names: asked twice it would count twice against
 * the account. Throws `invalid-input` for a key that can't be used.
 */
export function attemptLogins(user: string, logins: readonly SshLogin[]): LoginAttempts {
  const waiting = logins.map((login) => {
    if (login.kind !== 'key') return login;
    return { kind: 'key' as const, key: openPrivateKey(login.privateKeyPem, login.description, login.passphrase) };
  });
  let isPasswordSent = false;
  return {
    next(methodsLeft) {
      for (let login = waiting.shift(); login; login = waiting.shift()) {
        if (login.kind === 'key') return { type: 'publickey', username: user, key: login.key };
        if (login.kind === 'agent') {
          const { socketPath, onlyKeys } = login;
          return { type: 'agent', username: user, agent: onlyKeys ? limitAgent(socketPath, onlyKeys) : socketPath };
        }
        if (methodsLeft === null) {
          // Which way it takes passwords, a server says only in its answer to an attempt: this one says nothing.
          waiting.unshift(login);
          return { type: 'none', username: user };
        }
        if (methodsLeft.includes('password')) {
          isPasswordSent = true;
          return { type: 'password', username: user, password: login.password };
        }
        if (methodsLeft.includes('keyboard-interactive')) return answerOnce(user, login.password, () => (isPasswordSent = true));
      }
      return false;
    },
    get isPasswordSent() {
      return isPasswordSent;
    },
  };
}

/** `key file a, SSH agent`: for messages; holds no secret. */
export function describeLogins(logins: readonly SshLogin[]): string {
  return logins.map((login) => login.description).join(', ');
}

/** The one hidden question of a server is its password; to any other (a code, a second question) nothing is said. */
function answerOnce(user: string, password: string, onSent: () => void): KeyboardInteractiveAuthMethod {
  let isSaid = false;
  return {
    type: 'keyboard-interactive',
    username: user,
    prompt: (_name, _instructions, _language, prompts, finish) => {
      const isPassword = !isSaid && prompts.length === 1 && prompts[0]?.echo !== true;
      isSaid ||= isPassword;
      if (isPassword) onSent();
      finish(isPassword ? [password] : []);
    },
  };
}
