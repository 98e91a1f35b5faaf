// The desktop window's way to the core: each port that the preload hands on is a connection of the call protocol.
import type { TRPCLink } from '@trpc/client';
import type { AppRouter } from '../../main/api/router.js';
import { createCallLink } from '../../shared/api/call-link.js';
import type { ClientConnection } from '../../shared/api/call-protocol.js';
import { PORT_MESSAGE } from '../../shared/api/desktop-bridge.js';
import type { CoreState, DesktopBridge } from '../../shared/api/desktop-bridge.js';

declare global {
  interface Window {
    /** Present in the desktop shell only. */
    dedgeai?: DesktopBridge;
  }
}

/** What of the page's window this needs. */
export interface PageWindow {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** The link; it listens from now until the page goes. `onState` hears of the core. */
export function connectDesktop(bridge: DesktopBridge, page: PageWindow, onState: (state: CoreState) => void): TRPCLink<AppRouter> {
  const { link, connect, giveUp } = createCallLink<AppRouter>();
  page.addEventListener('message', (event) => {
    const port = event.source === page && event.data === PORT_MESSAGE ? event.ports[0] : undefined;
    if (port) connect(portConnection(port));
  });
  bridge.onCoreState((state) => {
    if (state.kind === 'lost') {
      lose();
      if (!state.isRestarting) giveUp();
    }
    onState(state);
  });
  let lose = (): void => undefined;

  function portConnection(port: MessagePort): ClientConnection {
    let hasEnded = false;
    return {
      post: (message) => {
        if (!hasEnded) port.postMessage(message);
      },
      onMessage(listener) {
        port.onmessage = ({ data }: MessageEvent) => listener(data as Parameters<typeof listener>[0]);
      },
      onEnd(listener) {
        // A port does not say that its other end is gone; main does.
        lose = () => {
          if (hasEnded) return;
          hasEnded = true;
          listener();
        };
      },
      end() {
        hasEnded = true;
        port.close();
      },
    };
  }

  bridge.connect();
  return link;
}
