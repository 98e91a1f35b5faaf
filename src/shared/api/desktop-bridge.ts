// What the desktop's preload puts into the window, and the channels behind it. Apart from the protocol's schema, so that the preload
// carries no validator.
import type { ShellMessage } from './shell-protocol.js';

/** Whether the core can be asked: starting, there, or gone (with the reason, what helps where it is known, and whether it is started again by itself). */
export type CoreState =
  { kind: 'connecting' } | { kind: 'open' } | { kind: 'lost'; reason: string; hint: string | null; isRestarting: boolean };

/** The one object that the preload puts into the window, as `window.dedgeai`. */
export interface DesktopBridge {
  /**
   * Asks for the way to the core: now and after each start of the core, a `message` event of the window itself brings PORT_MESSAGE and one
   * port, which speaks the call protocol.
   */
  connect(): void;
  /** Hears the state now and after each change; returns the function that ends the listening. */
  onCoreState(listener: (state: CoreState) => void): () => void;
  /** Starts a core again that has given up. */
  restartCore(): void;
  /** Hears of the commands that the menu bar is asked for, by their ids; returns the function that ends the listening. */
  onCommand(listener: (id: string) => void): () => void;
  /** Hears the id of each notification whose notice of the system was clicked; returns the function that ends the listening. */
  onNoticeOpened(listener: (id: number) => void): () => void;
  /** Sends the native window something about the page. */
  notifyShell(message: ShellMessage): void;
}

/** The data of the window's own message that carries the port. */
export const PORT_MESSAGE = 'dedgeai:port';

export const CONNECT_CHANNEL = 'dedgeai:connect';
/** What the page sends the native window about itself: one way, no answers. */
export const SHELL_CHANNEL = 'dedgeai:shell';
/** What the menu bar was asked for, to the page. */
export const COMMAND_CHANNEL = 'dedgeai:command';
export const RESTART_CORE_CHANNEL = 'dedgeai:restart-core';
export const PORT_CHANNEL = 'dedgeai:port';
/** The id of a notification whose notice was clicked. */
export const NOTICE_CHANNEL = 'dedgeai:notice-opened';
export const CORE_STATE_CHANNEL = 'dedgeai:core-state';
