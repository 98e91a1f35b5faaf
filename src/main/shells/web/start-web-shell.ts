// The web shell: the window and its API on the loopback interface, for one signed-in browser after another.
import { createServer } from 'node:http';
import { findProgramPaths } from '../../foundation/program-paths.js';
import type { Services } from '../../api/services.js';
import { answerRequest } from './answer-request.js';
import { serveApiSocket } from './api-socket.js';
import { listenOnLoopback } from './listen.js';
import { openBrowser as openInBrowser } from './open-browser.js';
import { Sessions } from './sessions.js';
import { WrongTokens } from './wrong-tokens.js';

export interface WebShellOptions {
  core: { services: Services };
  /** Null or absent: the usual port, or a free one where that is taken. 0: a free one. */
  port?: number | null;
  openBrowser: boolean;
  /** Hears every address that signs a browser in: the first, and the next one each time one was used up. */
  onAddress?(url: string): void;
  /** The built window; found by itself when absent. */
  rendererDir?: string;
}

export interface WebShell {
  /** Address that signs the next browser in, once. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection; the core stays open. */
  close(): Promise<void>;
}

/** Starts to serve. Throws AppErrors when the port cannot be had. The core stays the caller's. */
export async function startWebShell(options: WebShellOptions): Promise<WebShell> {
  const rendererDir = options.rendererDir ?? findProgramPaths().rendererDir;
  const server = createServer();
  const port = await listenOnLoopback(server, options.port ?? null);
  const sessions = new Sessions(port);
  const currentUrl = (): string => `http://127.0.0.1:${port}/?token=${sessions.token}`;
  let closeSignInPage = (): void => undefined;
  const context = {
    port,
    sessions,
    wrongTokens: new WrongTokens(() => performance.now()),
    services: options.core.services,
    rendererDir,
    onSessionOpened: () => {
      closeSignInPage();
      options.onAddress?.(currentUrl());
    },
  };
  server.on('request', (request, response) => void answerRequest(request, response, context));
  const closeSockets = serveApiSocket({ server, port, sessions, services: options.core.services });

  options.onAddress?.(currentUrl());
  if (options.openBrowser) closeSignInPage = openInBrowser(currentUrl());
  return {
    get url() {
      return currentUrl();
    },
    port,
    close: () =>
      new Promise((resolve) => {
        closeSignInPage();
        closeSockets();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
