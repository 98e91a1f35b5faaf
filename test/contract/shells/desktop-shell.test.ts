// The desktop shell's halves, joined by a stand-in for the `electron` module: main process, preload, and the window's link.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTRPCClient, createTRPCUntypedClient } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import type { ProcedureType } from '@trpc/server';
import { reactive } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appRouter } from '../../../src/main/api/router.js';
import type { AppRouter } from '../../../src/main/api/router.js';
import { registerAppScheme } from '../../../src/main/shells/electron/app-scheme.js';
import { createDesktopShell } from '../../../src/main/shells/electron/desktop-shell.js';
import type { DesktopShell } from '../../../src/main/shells/electron/desktop-shell.js';
import { CoreSupervisor } from '../../../src/main/shells/electron/core-supervisor.js';
import { openCoreSocket } from '../../../src/main/transport/server/core-socket.js';
import type { CoreSocket } from '../../../src/main/transport/server/core-socket.js';
import { connectDesktop } from '../../../src/renderer/api/desktop-connection.js';
import { createCallLink } from '../../../src/shared/api/call-link.js';
import type { CallMessage } from '../../../src/shared/api/call-protocol.js';
import { CONNECT_CHANNEL, RESTART_CORE_CHANNEL } from '../../../src/shared/api/desktop-bridge.js';
import type { CoreState, DesktopBridge } from '../../../src/shared/api/desktop-bridge.js';
import { SD3_LICENSE } from '../../../src/shared/weights.js';
import { coreStandIn, NO_PROTECTION } from '../../support/core-stand-in.js';
import type { CoreStandIn } from '../../support/core-stand-in.js';
import * as electron from '../../support/electron-stand-in.js';
import { STAND_IN_INFO, standInServices } from '../../support/stand-in-services.js';
import type { StandInServices } from '../../support/stand-in-services.js';
import { eventually } from '../../support/until.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

let folder: string;
let services: StandInServices;
let socket: CoreSocket;
let core: CoreStandIn;
let supervisor: CoreSupervisor;
let shell: DesktopShell;
let problems: string[];
let states: CoreState[];
let client: TRPCClient<AppRouter>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'desktop-shell-'));
  writeFileSync(join(folder, 'index.html'), '<title>the window</title>');
  services = standInServices();
  problems = [];
  states = [];
  const onProblem = (message: string): void => void problems.push(message);
  socket = await openCoreSocket({ services, onProblem });
  core = coreStandIn({ services, endpoint: socket.endpoint, onProblem });
  supervisor = new CoreSupervisor({ launch: core.launch, protection: NO_PROTECTION, onProblem });
  shell = createDesktopShell({
    core: supervisor,
    paths: { rendererDir: folder, preloadPath: '/preload.cjs', programDir: folder, resourcesDir: folder },
    dataDir: folder,
    windowDir: folder,
    quit: () => undefined,
    onProblem,
  });
  await Promise.all([supervisor.start(), shell.show()]);
  await import('../../../src/preload/index.js');
  const link = connectDesktop(bridge(), electron.pageWindow, (state) => states.push(state));
  client = createTRPCClient<AppRouter>({ links: [link] });
});

afterEach(async () => {
  electron.pageWindow.leave();
  contents().emit('destroyed');
  await supervisor.close();
  socket.close();
  rmSync(folder, { recursive: true, force: true });
});

const bridge = (): DesktopBridge => electron.exposed['dedgeai'] as DesktopBridge;
const contents = (): electron.WebContents => electron.windows.at(-1)!.webContents;

describe('the window', () => {
  it('is sandboxed and isolated, without Node.js', () => {
    expect(electron.windows.at(-1)!.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      preload: '/preload.cjs',
    });
  });

  it('gets one object with six functions', () => {
    expect(Object.keys(electron.exposed)).toEqual(['dedgeai']);
    expect(Object.keys(electron.exposed['dedgeai'] as object)).toEqual([
      'connect',
      'onCoreState',
      'onCommand',
      'restartCore',
      'onNoticeOpened',
      'notifyShell',
    ]);
  });

  it('is brought to the front instead of opened twice', async () => {
    const count = electron.windows.length;
    await shell.show();
    expect(electron.windows).toHaveLength(count);
    expect(electron.windows.at(-1)!.focusCount).toBe(1);
  });
});

describe('the scheme', () => {
  it('is a standard, secure origin of its own', () => {
    registerAppScheme();
    expect(electron.privilegedSchemes).toContainEqual(
      expect.objectContaining({ scheme: 'dedgeai', privileges: expect.objectContaining({ standard: true, secure: true }) }),
    );
    expect(electron.privilegedSchemes).not.toContainEqual(
      expect.objectContaining({ privileges: expect.objectContaining({ bypassCSP: true }) }),
    );
  });

  it('serves the window with a policy that allows no foreign or inline script', async () => {
    const answer = await electron.schemeHandler(new Request('dedgeai://app/'));
    expect(await answer.text()).toContain('the window');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
  });

  it('serves no other host', async () => {
    expect((await electron.schemeHandler(new Request('dedgeai://elsewhere/'))).status).toBe(404);
  });

  it('serves the core’s images', async () => {
    const answer = await electron.schemeHandler(new Request(`dedgeai://app/images/${'a'.repeat(64)}`));
    expect(await answer.json()).toMatchObject({ code: 'not-found' });
  });
});

describe('permissions', () => {
  it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'serial'])('refuse %s', (permission) => {
    const answers: unknown[] = [];
    electron.permissions.request!(contents(), permission, (answer: boolean) => answers.push(answer));
    expect(answers).toEqual([false]);
    expect(electron.permissions.check!(contents(), permission)).toBe(false);
  });

  it('refuse every device', () => {
    expect(electron.permissions.device!()).toBe(false);
  });

  it('let the window copy, and no other page', () => {
    expect(electron.permissions.check!(contents(), 'clipboard-sanitized-write')).toBe(true);
    contents().mainFrame = { url: 'https://evil.example/' };
    expect(electron.permissions.check!(contents(), 'clipboard-sanitized-write')).toBe(false);
  });
});

describe('navigation', () => {
  const attempt = (event: string, url: string): boolean => {
    const preventDefault = vi.fn();
    contents().emit(event, { url, preventDefault });
    return preventDefault.mock.calls.length > 0;
  };

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('away from the window is prevented on %s', (event) => {
    expect(attempt(event, 'https://evil.example/')).toBe(true);
    expect(attempt(event, 'dedgeai://app.evil.example/')).toBe(true);
    expect(attempt(event, 'dedgeai://app/')).toBe(false);
  });

  it('opens no other page in a window; known sites open in the browser, others nowhere', () => {
    const before = electron.openedOutside.length;
    for (const url of [
      'https://arxiv.org/abs/1',
      SD3_LICENSE.url,
      'http://arxiv.org/',
      'https://evil.example/',
      'file:///etc/passwd',
      'https://user@arxiv.org/',
      'no url',
    ]) {
      expect(contents().windowOpenHandler({ url })).toEqual({ action: 'deny' });
    }
    expect(electron.openedOutside.slice(before)).toEqual(['https://arxiv.org/abs/1', SD3_LICENSE.url]);
  });
});

describe('the API over IPC', () => {
  it('answers a query', async () => {
    expect(await client.app.info.query()).toEqual(STAND_IN_INFO);
  });

  it('carries out a mutation', async () => {
    expect(await client.testbeds.create.mutate({ name: 'Lab' })).toMatchObject({ id: 'made', name: 'Lab' });
  });

  it('takes the reactive input of a view, which no border between processes can clone', async () => {
    const input = reactive({ name: 'Lab', nested: { list: [1] } });
    expect(() => structuredClone(input)).toThrow();
    expect(await client.testbeds.create.mutate(input)).toMatchObject({ id: 'made', name: 'Lab' });
  });

  it('takes it for every procedure', async () => {
    const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: ProcedureType } }>);
    expect(procedures.length).toBeGreaterThan(100);
    const sent: string[] = [];
    const { link, connect } = createCallLink<AppRouter>();
    connect({
      post: (message) => void sent.push((structuredClone(message) as CallMessage).path),
      onMessage: () => undefined,
      onEnd: () => undefined,
      end: () => undefined,
    });
    const untyped = createTRPCUntypedClient<AppRouter>({ links: [link] });
    for (const [path, { _def }] of procedures) {
      const input = reactive({ id: 'x', list: [{ a: 1 }] });
      if (_def.type === 'subscription') untyped.subscription(path, input, {});
      else void untyped[_def.type](path, input);
    }
    expect(sent).toEqual(procedures.map(([path]) => path));
  });

  it('brings an error in the one shape', async () => {
    await expect(client.testbeds.get.query({ id: 'x' })).rejects.toMatchObject({
      data: { appError: { code: 'not-found', message: 'No testbed x', hint: 'Look at the list.' } },
    });
  });

  it('refuses input that does not fit, and procedures that are none', async () => {
    await expect(client.testbeds.get.query({ id: 7 as never })).rejects.toMatchObject({ data: { appError: { code: 'invalid-input' } } });
    await expect((client as never as { nothing: typeof client.app.info }).nothing.query()).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    });
  });

  it('streams a subscription until it is unsubscribed', async () => {
    const first = Promise.withResolvers<unknown>();
    const subscription = client.testbeds.watch.subscribe({ id: 'x' }, { onData: first.resolve });
    expect(await first.promise).toEqual([]);
    subscription.unsubscribe();
    await services.whenWatches(0);
  });

  it('ends the subscriptions of a page that is left', async () => {
    client.testbeds.watch.subscribe({ id: 'x' }, {});
    await services.whenWatches(1);
    contents().emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    await services.whenWatches(0);
  });

  it('keeps them through a change of the address within the page', async () => {
    client.testbeds.watch.subscribe({ id: 'x' }, {});
    await services.whenWatches(1);
    contents().emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    expect(await client.app.info.query()).toEqual(STAND_IN_INFO);
    expect(services.openWatches()).toBe(1);
  });

  it('stops a query that is aborted', async () => {
    const abort = new AbortController();
    const call = client.app.info.query(undefined, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ cause: { name: 'AbortError' } });
  });
});

describe('the core', () => {
  it('is said to be lost when it ends, and its calls fail in words', async () => {
    client.testbeds.watch.subscribe({ id: 'x' }, {});
    await services.whenWatches(1);
    core.die();
    await services.whenWatches(0);
    expect(states.at(-1)).toEqual({ kind: 'lost', reason: expect.stringContaining('SIGKILL') as string, hint: null, isRestarting: true });
  });

  it('is started again; subscriptions continue and calls that waited are answered', async () => {
    const values: unknown[] = [];
    client.testbeds.watch.subscribe({ id: 'x' }, { onData: (value) => values.push(value) });
    await eventually(() => expect(values).toHaveLength(1));
    core.die();
    const waiting = client.app.info.query();
    await eventually(() => expect(core.starts()).toBe(2));
    expect(await waiting).toEqual(STAND_IN_INFO);
    await services.whenWatches(1);
    await eventually(() => expect(values).toHaveLength(2));
    expect(states.at(-1)).toEqual({ kind: 'open' });
  });

  it('that can’t be opened any more says why, and what to do', async () => {
    await eventually(() => expect(states.at(-1)).toEqual({ kind: 'open' }));
    core.refuse({ code: 'database-damaged', message: 'The database is damaged', hint: 'Put back the backup.' });
    core.die();
    await eventually(() =>
      expect(states.at(-1)).toMatchObject({ kind: 'lost', reason: 'The database is damaged', hint: 'Put back the backup.' }),
    );
  });

  it('serves the window’s files while it is away, and says so where it is asked for an image', async () => {
    core.die();
    expect(await (await electron.schemeHandler(new Request('dedgeai://app/'))).text()).toContain('the window');
    const answer = await electron.schemeHandler(new Request(`dedgeai://app/images/${'a'.repeat(64)}`));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'io', hint: expect.any(String) as string });
  });
});

describe('the sender of a message', () => {
  it.each([
    ['a frame inside the page', { url: 'dedgeai://app/' }],
    ['a frame that is gone', null],
  ])('is refused when it is %s', (_name, frame) => {
    electron.sendFrom(contents(), frame, CONNECT_CHANNEL, undefined);
    expect(problems).toHaveLength(1);
  });

  it('is refused when another page took the window’s place', () => {
    contents().mainFrame = { url: 'https://evil.example/' };
    electron.sendFrom(contents(), contents().mainFrame, CONNECT_CHANNEL, undefined);
    electron.sendFrom(contents(), contents().mainFrame, RESTART_CORE_CHANNEL, undefined);
    expect(problems).toHaveLength(2);
  });

  it('is not heard when it is another window', () => {
    let ports = 0;
    electron.pageWindow.addEventListener('message', () => ports++);
    electron.sendFrom(new electron.WebContents(), contents().mainFrame, CONNECT_CHANNEL, undefined);
    expect(ports).toBe(0);
  });

  it.each([[null], ['text'], [{ kind: 'call' }], [{ kind: 'call', id: -1, type: 'query', path: 'app.info' }], [{ kind: 'eval', id: 1 }]])(
    'has %j refused, which is no message',
    async (message) => {
      const port = Promise.withResolvers<MessagePort>();
      electron.pageWindow.addEventListener('message', ({ ports }) => port.resolve(ports[0]!));
      bridge().connect();
      (await port.promise).postMessage(message);
      await eventually(() => expect(problems).toHaveLength(1));
    },
  );
});
