// What the window shows while answers do not come, in a page of its own: its connection and its code are held back or cut off.
import type { Page, WebSocketRoute } from 'playwright-core';
import type { StateContext, WindowState } from './window-state.js';

/** What the page's connection lets through. */
interface Line {
  /** No answer reaches the page, which stays connected. */
  isHeld: boolean;
  /** There is no connection. */
  isCut: boolean;
  open: Set<WebSocketRoute>;
}

const lines = new WeakMap<Page, Line>();

/** A second page of the same session, all of whose connections pass through here. */
export async function openHeldPage(page: Page): Promise<Page> {
  const held = await page.context().newPage();
  const line: Line = { isHeld: false, isCut: false, open: new Set() };
  lines.set(held, line);
  await held.routeWebSocket(/\/trpc/, (socket) => {
    if (line.isCut) return void socket.close();
    const server = socket.connectToServer();
    line.open.add(socket);
    socket.onMessage((message) => server.send(message));
    // The sign of life is no answer.
    server.onMessage((message) => {
      if (!line.isHeld || message === 'PONG') socket.send(message);
    });
  });
  await held.goto(new URL(page.url()).origin);
  await held.getByRole('heading', { level: 1 }).waitFor();
  return held;
}

/** Loads the window at an address with every answer held back. */
const loading = (name: string, path: string | ((ids: StateContext['ids']) => string)): WindowState => ({
  name: `loading-${name}`,
  async open({ page, ids }) {
    lines.get(page)!.isHeld = true;
    await page.evaluate((target) => (location.hash = `#${target}`), typeof path === 'string' ? path : path(ids));
    await page.reload();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    // Bars in the place of rows come after a moment.
    await page.waitForTimeout(400);
  },
});

/** Lets answers through again and loads the window. */
async function release(page: Page): Promise<void> {
  lines.get(page)!.isHeld = false;
  await page.evaluate(() => (location.hash = '#/settings'));
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  await page.waitForLoadState('networkidle');
}

const PAGES = ['testbeds', 'datasets', 'models', 'runs', 'series', 'train', 'jobs', 'gallery', 'reports'] as const;

export const LOADING_STATES: readonly WindowState[] = [
  loading('overview', '/'),
  ...PAGES.map((path) => loading(path, `/${path}`)),
  loading('bin', '/runs/bin'),
  loading('runs-by-series', '/runs?group=series'),
  loading('gallery-table', '/gallery?form=table'),
  loading('new-run', '/runs/new'),
  loading('new-series', '/runs/new?as=series'),
  loading('new-training', '/train/new'),
  loading('studies', '/train/studies'),
  loading('table-v', '/table-v'),
  loading('settings', '/settings?tab=data'),
  loading('testbed', ({ testbed }) => `/testbeds/${testbed}`),
  loading('dataset', ({ dataset }) => `/datasets/${dataset}`),
  loading('run', ({ runs }) => `/runs/${runs[0]}`),
  loading('one-series', ({ series }) => `/series/${series}`),
  loading('training', ({ training }) => `/train/${training}`),
  loading('compare', ({ runs }) => `/compare?runs=${runs.slice(0, 3).join(',')}`),
  loading('report', ({ report }) => `/reports/${report}`),
  {
    name: 'view-not-loaded',
    async open({ page }) {
      await release(page);
      await page.route('**/assets/GalleryView-*.js', (route) => route.abort());
      await page.evaluate(() => (location.hash = '#/gallery'));
      await page.getByText('This page could not be loaded').waitFor();
    },
  },
  {
    name: 'view-not-loaded-yet',
    async open({ page }) {
      await release(page);
      await page.route('**/assets/ReportsView-*.js', () => undefined);
      await page.evaluate(() => (location.hash = '#/reports'));
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'view-offline',
    async open({ page }) {
      await release(page);
      lines.get(page)!.isCut = true;
      for (const socket of lines.get(page)!.open) await socket.close();
      await page.getByText(/Not connected since/).waitFor();
      await page.evaluate(() => (location.hash = '#/models'));
      await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    },
  },
  {
    name: 'session-expired',
    async open({ page }) {
      await page.route('**/', (route) => route.fulfill({ status: 401, body: '' }));
      await page.getByRole('heading', { name: 'This session has ended' }).waitFor();
    },
  },
  {
    name: 'session-expired-mistake',
    async open({ page }) {
      await page.getByLabel('New address').fill('nonsense');
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByText('Paste the whole address').waitFor();
    },
  },
];

/** A page that takes itself for the desktop's, whose core does not start any more. */
export async function openStoppedPage(page: Page): Promise<Page> {
  const stopped = await page.context().newPage();
  await stopped.addInitScript(() => {
    const nothing = (): (() => void) => () => undefined;
    const reason =
      'The database in /home/lab/.local/share/dedgeai-control-center is damaged or is not a database (database disk image is malformed)';
    const hint =
      'Put back the backup of 11/30/2026, 9:14:05 AM with `npm run cli -- data restore latest --data /home/lab/.local/share/dedgeai-control-center`; ' +
      'what is there now is kept aside. `data backups` lists all.';
    const bridge = {
      ...{ connect: nothing, restartCore: nothing, onCommand: nothing, onNoticeOpened: nothing, notifyShell: nothing },
      onCoreState(listener: (state: object) => void) {
        setTimeout(() => listener({ kind: 'lost', reason, hint, isRestarting: false }), 200);
        return () => undefined;
      },
    };
    Object.assign(window, { dedgeai: bridge });
  });
  await stopped.goto(new URL(page.url()).origin);
  return stopped;
}

export const STOPPED_STATES: readonly WindowState[] = [
  {
    name: 'core-stopped',
    async open({ page }) {
      await page.getByText("The program's core has stopped").waitFor();
    },
  },
];
