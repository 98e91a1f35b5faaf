// Gives a window its way to the core: a port at each load of its page, and a new one after each start of the core.
import { ipcMain, MessageChannelMain } from 'electron';
import type { IpcMainEvent, WebContents } from 'electron';
import { CONNECT_CHANNEL, CORE_STATE_CHANNEL, PORT_CHANNEL, RESTART_CORE_CHANNEL } from '../../../shared/api/desktop-bridge.js';
import type { CoreState } from '../../../shared/api/desktop-bridge.js';
import type { CoreSupervisor } from './core-supervisor.js';
import { isFromPage } from './page-sender.js';

/** Serves one window until it is destroyed. `onProblem` hears of refused messages. */
export function serveWindowPorts(
  contents: WebContents,
  core: Pick<CoreSupervisor, 'state' | 'onState' | 'openPort' | 'restart'>,
  onProblem: (message: string) => void,
): void {
  /** Whether the page that is there now has asked for a port. */
  let isAsking = false;
  let endPort = (): void => undefined;

  const sendState = (state: CoreState): void => {
    if (!contents.isDestroyed()) contents.send(CORE_STATE_CHANNEL, state);
  };
  const givePort = (): void => {
    if (!isAsking || core.state.kind !== 'open' || contents.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    endPort = core.openPort(port2);
    contents.postMessage(PORT_CHANNEL, null, [port1]);
  };
  const fromPage =
    (act: () => void) =>
    (event: IpcMainEvent): void => {
      if (event.sender !== contents) return;
      if (isFromPage(event, contents)) act();
      else onProblem('A message of a frame that is not the window was refused');
    };
  const onConnect = fromPage(() => {
    isAsking = true;
    sendState(core.state);
    givePort();
  });
  const onRestart = fromPage(() => core.restart());

  const stopListening = core.onState((state) => {
    sendState(state);
    givePort();
  });
  ipcMain.on(CONNECT_CHANNEL, onConnect);
  ipcMain.on(RESTART_CORE_CHANNEL, onRestart);
  const forgetPage = (): void => {
    isAsking = false;
    endPort();
    endPort = () => undefined;
  };
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) forgetPage();
  });
  contents.on('render-process-gone', forgetPage);
  contents.once('destroyed', () => {
    forgetPage();
    stopListening();
    ipcMain.off(CONNECT_CHANNEL, onConnect);
    ipcMain.off(RESTART_CORE_CHANNEL, onRestart);
  });
}
