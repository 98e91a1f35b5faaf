// An account of this machine with a password, for a test that logs in with one. Only root can make it; it has no home but one that the test
// names, and is deleted again.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface SystemAccount {
  user: string;
  password: string;
  remove(): void;
}

/** Null where accounts can't be made: not root, or no `useradd`. The password goes to `chpasswd` by standard input. `homeDir` is its own then. */
export function makeSystemAccount({ shell = '/bin/sh', homeDir }: { shell?: string; homeDir?: string } = {}): SystemAccount | null {
  if (process.getuid?.() !== 0) return null;
  const user = `dedgeai-test-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  try {
    execFileSync('useradd', ['--no-create-home', '--home-dir', homeDir ?? '/nonexistent', '--shell', shell, user], { stdio: 'ignore' });
  } catch {
    return null;
  }
  if (homeDir !== undefined) execFileSync('chown', ['-R', `${user}:`, homeDir]);
  execFileSync('chpasswd', { input: `${user}:${password}\n`, stdio: ['pipe', 'ignore', 'ignore'] });
  // A session that is just ending still counts as a use of the account.
  return { user, password, remove: () => execFileSync('userdel', ['--force', user], { stdio: 'ignore' }) };
}
