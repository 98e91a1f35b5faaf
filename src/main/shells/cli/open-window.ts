// The window that is open on a data folder, as a terminal finds it: by the note in the folder, and by asking whether its core answers.
import { AppError } from '../../../shared/errors.js';
import { readInstance } from '../../foundation/instance-file.js';
import type { CoreOptions } from '../../composition/core.js';
import { PROGRAM_VERSION } from '../../foundation/program-version.js';
import type { RemoteApi } from './remote-api.js';

export interface OpenWindow {
  remote: RemoteApi;
  /** Ends the connection; the window stays. */
  close(): void;
}

/**
 * Null where no window answers. Throws `conflict` where a window of another version has the data and the command would change it: reading
 * continues beside it.
 */
export async function findOpenWindow(dataDir: string, access: CoreOptions['access']): Promise<OpenWindow | null> {
  const instance = readInstance(dataDir);
  if (!instance?.endpoint) return null;
  const [{ connectToCore }, { createRemoteApi }] = await Promise.all([
    import('../../transport/link/connect-to-core.js'),
    import('./remote-api.js'),
  ]);
  // Anyone who left the note may have been killed.
  const connection = await connectToCore(instance.endpoint).catch(() => null);
  if (!connection) return null;
  if (instance.version === PROGRAM_VERSION) return { remote: createRemoteApi(connection), close: () => connection.end() };
  connection.end();
  if (access === 'read') return null;
  throw new AppError(
    'conflict',
    `Version ${instance.version ?? '?'} of the program has ${dataDir} open (process ${instance.pid}); this is version ${PROGRAM_VERSION}.`,
    'Close that window, or use the command of its version.',
  );
}
