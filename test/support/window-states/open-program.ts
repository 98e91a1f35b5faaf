// A program in this process with the built window over it: its data are made by the API, as fast as it takes them. Needs `npm run build`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiCaller } from '../../../src/main/api/router.js';
import type { Services } from '../../../src/main/api/services.js';
import { assembleCore } from '../../../src/main/composition/core.js';
import { startWebShell } from '../../../src/main/shells/web/start-web-shell.js';

export type Api = ReturnType<typeof createApiCaller>;

export interface OpenStates {
  api: Api;
  /** What the window's calls are answered by: a state may put its own answer in place of one. */
  services: Services;
  /** Of the data; what else a state needs may lie in it. */
  dataDir: string;
  /** Signs the next browser in, once. */
  url(): string;
  /** Ends the connections with all windows; the data stay. */
  hangUp(): Promise<void>;
  /** Serves again, at another address. */
  serveAgain(): Promise<void>;
  close(): Promise<void>;
}

/** @param fill puts things into the data folder before the program starts */
export async function openStates(fill?: (dataDir: string) => unknown): Promise<OpenStates> {
  const dataDir = mkdtempSync(join(tmpdir(), 'window-states-'));
  await fill?.(dataDir);
  const { core } = await assembleCore({ dataDir, shell: 'web', access: 'exclusive', activity: 'nodes' });
  const serve = () => startWebShell({ core, port: 0, openBrowser: false });
  let shell = await serve();
  let isServing = true;
  return {
    api: createApiCaller({ services: core.services }),
    services: core.services,
    dataDir,
    url: () => shell.url,
    async hangUp() {
      isServing = false;
      await shell.close();
    },
    async serveAgain() {
      shell = await serve();
      isServing = true;
    },
    async close() {
      if (isServing) await shell.close();
      await core.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
