// A page that died or hangs. It is loaded again once by itself; if it dies again within a minute someone must decide. What the window
// showed is on record in the core, so a new page loses nothing.
import { dialog } from 'electron';
import type { BrowserWindow, RenderProcessGoneDetails } from 'electron';

/** Dying again within this time means that loading it again does not help by itself. */
export const AGAIN_WITHIN_MS = 60_000;

export type AfterDeath = 'reload' | 'ask' | 'nothing';

/** What to do about a page that is gone; `lastReloadMs` is when it was last loaded again by itself, null when it never was. */
export function afterDeath(reason: string, lastReloadMs: number | null, nowMs: number): AfterDeath {
  // The window is being closed, or Chromium swaps processes.
  if (reason === 'clean-exit') return 'nothing';
  return lastReloadMs === null || nowMs - lastReloadMs >= AGAIN_WITHIN_MS ? 'reload' : 'ask';
}

const REASONS: Record<string, string> = {
  crashed: 'its process crashed',
  killed: 'its process was killed',
  oom: 'it ran out of memory',
  'abnormal-exit': 'its process ended with an error',
  'launch-failed': 'its process could not be started',
  'integrity-failure': 'its code failed an integrity check',
};

export function describeDeath({ reason, exitCode }: Pick<RenderProcessGoneDetails, 'reason' | 'exitCode'>): string {
  return `${REASONS[reason] ?? reason} (${reason}, status ${exitCode})`;
}

export interface PageHealthOptions {
  /** Monotonic, ms. */
  nowMs(): number;
  /** For the log. */
  onProblem(message: string): void;
  quit(): void;
}

/** Looks after the page of a window until that is closed. */
export function watchPageHealth(window: BrowserWindow, { nowMs, onProblem, quit }: PageHealthOptions): void {
  const contents = window.webContents;
  let lastReloadMs: number | null = null;
  let hang: AbortController | null = null;
  let isEndingHang = false;

  const reload = (): void => {
    if (!window.isDestroyed()) contents.reload();
  };

  const askAfterDeath = async (what: string): Promise<void> => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      title: 'DEdgeAI Control Center',
      message: 'The page of the window ended again',
      detail: `Reason: ${what}. What runs in the program continues. Reload to see it again, or quit the program.`,
      buttons: ['Reload', 'Quit'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (response === 1) {
      quit();
      return;
    }
    lastReloadMs = nowMs();
    reload();
  };

  contents.on('render-process-gone', (_event, details) => {
    hang?.abort();
    const isRequested = isEndingHang;
    isEndingHang = false;
    const what = describeDeath(details);
    const next = isRequested ? 'reload' : afterDeath(details.reason, lastReloadMs, nowMs());
    if (next === 'nothing') return;
    if (next === 'ask') {
      onProblem(`The page of the window ended again within a minute: ${what}`);
      void askAfterDeath(what);
      return;
    }
    if (!isRequested) {
      onProblem(`The page of the window ended: ${what}; it is loaded again`);
      lastReloadMs = nowMs();
    }
    reload();
  });

  const askAboutHang = async (): Promise<void> => {
    if (hang) return;
    const asked = new AbortController();
    hang = asked;
    onProblem('The page of the window does not answer');
    // Answered as "Wait" when the page answers again, or when the dialog is withdrawn.
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      title: 'DEdgeAI Control Center',
      message: 'The page of the window does not answer',
      detail: 'What runs in the program continues. Wait for the page, or load it again.',
      buttons: ['Wait', 'Reload'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      signal: asked.signal,
    });
    const isWithdrawn = asked.signal.aborted;
    hang = null;
    if (isWithdrawn || response !== 1 || window.isDestroyed()) return;
    // A page that hangs does not hear of a reload: its process has to end first.
    isEndingHang = true;
    contents.forcefullyCrashRenderer();
  };

  window.on('unresponsive', () => void askAboutHang());
  window.on('responsive', () => hang?.abort());
}
