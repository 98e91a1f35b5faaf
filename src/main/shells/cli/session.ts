// What a command works on: the core of a window that is open on the data folder, or one of its own, opened for this command.
import { TRPCError } from '@trpc/server';
import { createApiCaller } from '../../api/router.js';
import { findErrorShape } from '../../api/trpc.js';
import { createCore } from '../../composition/core.js';
import type { Core, CoreOptions } from '../../composition/core.js';
import { reportInternalError } from '../../adapters/log/report-internal-error.js';
import { interruptible } from './interruptible.js';
import { findOpenWindow } from './open-window.js';
import type { Api } from './remote-api.js';
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
  api: Api;
  /** The same API, with calls and streams that end when the signal aborts. */
  until(signal: AbortSignal): Api;
  terminal: Terminal;
  /** Aborts at the first Ctrl-C; the second ends the process. */
  signal: AbortSignal;
  /** Where the flags that end in -stdin find their secrets. */
  stdinLines: StdinLines;
  /** Whether the core is that of an open window, which continues when this command ends. */
  isOfWindow: boolean;
}

export interface LocalSession extends Session {
  core: Core;
}

/**
 * `read` changes nothing; `exclusive` has the data folder to itself, or asks the window that has it. Returns the exit status. Throws
 * `instance-locked` where a program without a window has the data.
 */
export async function withSession(
  options: CommonOptions,
  core: Pick<CoreOptions, 'access' | 'activity'>,
  act: (session: Session) => Promise<number>,
): Promise<number> {
  return interruptible(async (signal) => {
    const window = await findOpenWindow(options.data, core.access);
    if (!window) return withOwnCore(options, core, signal, act);
    const shared = { terminal: createTerminal(options.json), signal, stdinLines: new StdinLines(), isOfWindow: true };
    try {
      return await act(await unlocked(options, core.access, { ...window.remote, ...shared }));
    } finally {
      window.close();
    }
  });
}

/** For what only a core in this process can give: bytes, long computations. It reads beside an open window and must change nothing. */
export async function withReadingCore(options: CommonOptions, act: (session: LocalSession) => Promise<number>): Promise<number> {
  return interruptible((signal) => withOwnCore(options, { access: 'read', activity: 'none' }, signal, act));
}

async function withOwnCore(
  options: CommonOptions,
  core: Pick<CoreOptions, 'access' | 'activity'>,
  signal: AbortSignal,
  act: (session: LocalSession) => Promise<number>,
): Promise<number> {
  const opened = await createCore({ dataDir: options.data, shell: 'cli', ...core, ...(canAsk() ? { askSecret: askHidden } : {}) });
  try {
    await opened.booted;
    const session: LocalSession = {
      core: opened,
      api: createApiCaller({ services: opened.services }),
      until: (ending) => createApiCaller({ services: opened.services }, { signal: ending }),
      terminal: createTerminal(options.json),
      signal,
      stdinLines: new StdinLines(),
      isOfWindow: false,
    };
    return await act(await unlocked(options, core.access, session));
  } catch (thrown) {
    throw isForeseen(thrown) ? thrown : reportInternalError(opened.services.log, thrown, { doing: 'a command' });
  } finally {
    await opened.close();
  }
}

/** With the vault open, where its passphrase was given. */
async function unlocked<T extends Session>(options: CommonOptions, access: CoreOptions['access'], session: T): Promise<T> {
  if (options.vaultPassphraseStdin && access === 'exclusive') {
    await session.api.credentials.unlockVault({ passphrase: await session.stdinLines.next('the passphrase of the vault') });
  }
  return session;
}

/** What the API threw has been logged where it had to be. */
function isForeseen(thrown: unknown): boolean {
  return findErrorShape(thrown).code !== 'internal' || thrown instanceof TRPCError;
}
