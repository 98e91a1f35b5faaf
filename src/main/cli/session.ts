// Opens the core for one command and closes it again, whatever happens.
import { createApiCaller } from '../api/router.js';
import { createCore } from '../core.js';
import type { Core, CoreOptions } from '../core.js';
import { interruptible } from './interruptible.js';
import { askHidden, canAsk, StdinLines } from './secret-input.js';
import { createTerminal } from './terminal.js';
import type { Terminal } from './terminal.js';

/** Options that every command has. */
export interface CommonOptions {
  data: string;
  json: boolean;
  /** The first line of standard input is the passphrase of the vault. */
  vaultPassphraseStdin?: boolean;
}

export interface Session {
  core: Core;
  api: ReturnType<typeof createApiCaller>;
  terminal: Terminal;
  /** Aborts at the first Ctrl-C; the second ends the process. */
  signal: AbortSignal;
  /** Where the flags that end in -stdin find their secrets. */
  stdinLines: StdinLines;
}

/** `access: 'read'` leaves a running window alone; `'exclusive'` takes the data folder's lock. Returns the exit status. */
export async function withSession(
  options: CommonOptions,
  core: Pick<CoreOptions, 'access' | 'activity'>,
  act: (session: Session) => Promise<number>,
): Promise<number> {
  return interruptible(async (signal) => {
    const opened = await createCore({ dataDir: options.data, shell: 'cli', ...core, ...(canAsk() ? { askSecret: askHidden } : {}) });
    try {
      await opened.booted;
      const api = createApiCaller({ services: opened.services });
      const stdinLines = new StdinLines();
      if (options.vaultPassphraseStdin && core.access === 'exclusive') {
        await api.credentials.unlockVault({ passphrase: await stdinLines.next('the passphrase of the vault') });
      }
      return await act({ core: opened, api, terminal: createTerminal(options.json), signal, stdinLines });
    } finally {
      await opened.close();
    }
  });
}
