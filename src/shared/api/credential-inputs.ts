// What the API accepts of secrets. They come in here and never go out; no message of these schemas shows what was typed.
import { z } from 'zod';
import { SECRET_HOLDERS, TOKEN_ACCOUNTS } from '../credentials.js';

const MAX_SECRET_LENGTH = 1024;
const MIN_VAULT_PASSPHRASE_LENGTH = 8;

/** One line: a line end would split what goes to a program's standard input. */
const secret = z
  .string()
  .min(1, 'Type it: it is empty')
  .max(MAX_SECRET_LENGTH, `At most ${MAX_SECRET_LENGTH} characters`)
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  .regex(/^[^\u0000\r\n]*$/, 'It has a line end or a zero character in it');

export const secretRefSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['password', 'sudo-password']), nodeId: z.string().min(1).max(64) }),
  z.object({ kind: z.literal('passphrase'), keyFile: z.string().min(1, 'Name a key file').max(4096) }),
  z.object({ kind: z.literal('token'), account: z.enum(TOKEN_ACCOUNTS) }),
]);

export const setSecretInput = z
  .object({ of: secretRefSchema, secret, holder: z.enum(SECRET_HOLDERS) })
  .refine(({ of, secret: typed }) => of.kind !== 'token' || isToken(typed), {
    path: ['secret'],
    error: 'It has a space or another character in it that no token has. Copy it again.',
  });
export type SetSecretInput = z.infer<typeof setSecretInput>;

export const forgetSecretInput = z.object({ of: secretRefSchema });

export const examineKeyFileInput = z.object({ keyFile: z.string().trim().min(1, 'Name a key file').max(4096) });

/** The password is used once and kept nowhere. */
export const authorizeNodeInput = z.object({ nodeId: z.string().min(1).max(64), password: secret });

/** It goes into a header of HTTP as it is. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

const newVaultPassphrase = secret.min(MIN_VAULT_PASSPHRASE_LENGTH, `At least ${MIN_VAULT_PASSPHRASE_LENGTH} characters`);

export const createVaultInput = z.object({ passphrase: newVaultPassphrase });
export const unlockVaultInput = z.object({ passphrase: secret });
export const changeVaultPassphraseInput = z.object({ current: secret, next: newVaultPassphrase });
