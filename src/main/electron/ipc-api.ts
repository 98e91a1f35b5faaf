// The API over IPC: hears the calls of the one window, and forgets them when its page goes.
import { ipcMain } from 'electron';
import type { IpcMainEvent, WebContents } from 'electron';
import { CORE_TO_WINDOW_CHANNEL, WINDOW_TO_CORE_CHANNEL } from '../../shared/api/ipc-channels.js';
import { windowMessageSchema } from '../../shared/api/ipc-protocol.js';
import type { CoreMessage } from '../../shared/api/ipc-protocol.js';
import type { Services } from '../services.js';
import { isAppUrl } from './app-scheme.js';
import { callProcedure } from './call-procedure.js';

/** Calls that one page may have open at once; a page that asks for more is broken. */
const MAX_OPEN_CALLS = 500;

/** Serves the API to a window until it is destroyed. */
export function serveIpcApi(contents: WebContents, services: Services, onProblem: (message: string) => void): void {
  const open = new Map<number, AbortController>();

  const onMessage = (event: IpcMainEvent, raw: unknown): void => {
    if (event.sender !== contents) return;
    if (!isFromPage(event, contents)) return onProblem('A message of a frame that is not the window was refused');
    const parsed = windowMessageSchema.safeParse(raw);
    if (!parsed.success) return onProblem('A message of the window that is none was refused');
    const message = parsed.data;
    if (message.kind === 'stop') {
      open.get(message.id)?.abort();
      open.delete(message.id);
      return;
    }
    if (open.has(message.id) || open.size >= MAX_OPEN_CALLS) return onProblem(`Call ${message.id} of the window was refused`);

    const controller = new AbortController();
    open.set(message.id, controller);
    const reply = (answer: CoreMessage): void => {
      if (!contents.isDestroyed()) contents.send(CORE_TO_WINDOW_CHANNEL, answer);
    };
    void callProcedure(message, services, controller.signal, reply).finally(() => {
      if (open.get(message.id) === controller) open.delete(message.id);
    });
  };

  const forgetAll = (): void => {
    for (const controller of open.values()) controller.abort();
    open.clear();
  };

  ipcMain.on(WINDOW_TO_CORE_CHANNEL, onMessage);
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) forgetAll();
  });
  contents.on('render-process-gone', forgetAll);
  contents.once('destroyed', () => {
    forgetAll();
    ipcMain.off(WINDOW_TO_CORE_CHANNEL, onMessage);
  });
}

/** Only the top frame of the window's own origin is heard: a frame inside it, or a page that took its place, is a stranger. */
function isFromPage(event: IpcMainEvent, contents: WebContents): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === contents.mainFrame && isAppUrl(frame.url);
}
