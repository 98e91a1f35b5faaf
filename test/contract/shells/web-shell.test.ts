import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AppRouter } from '../../../src/main/api/router.js';
import { startWebShell } from '../../../src/main/shells/web/start-web-shell.js';
import type { WebShell } from '../../../src/main/shells/web/start-web-shell.js';
import { httpRequest } from '../../support/http-request.js';
import { STAND_IN_INFO, standInServices } from '../../support/stand-in-services.js';
import type { StandInServices } from '../../support/stand-in-services.js';

let folder: string;
let shell: WebShell;
let services: StandInServices;
let addresses: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-shell-'));
  mkdirSync(join(folder, 'window', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'window', 'index.html'), '<title>the window</title>');
  writeFileSync(join(folder, 'window', 'assets', 'main.js'), 'export {};');
  writeFileSync(join(folder, 'secret.js'), 'outside');
  symlinkSync(join(folder, 'secret.js'), join(folder, 'window', 'assets', 'link.js'));
  services = standInServices();
  addresses = [];
  shell = await startWebShell({
    core: { services },
    port: 0,
    openBrowser: false,
    rendererDir: join(folder, 'window'),
    onAddress: (url) => addresses.push(url),
  });
});

afterEach(async () => {
  await shell.close();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (url: string): string => url.slice(new URL(url).origin.length);

async function signIn(): Promise<string> {
  const answer = await httpRequest(shell.port, pathOf(shell.url));
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

function openSocket(headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${shell.port}/trpc`, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('error', (error) => resolve(error.message));
  });
}

/** The status of a GET with exactly these header lines. */
function statusOfRaw(lines: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(shell.port, '127.0.0.1', () =>
      socket.write(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.once('error', reject).once('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])));
  });
}

describe('signing in', () => {
  it('refuses a browser without a session and says how to get in', async () => {
    const answer = await httpRequest(shell.port, '/');
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('?token=');
  });

  it('exchanges the token of the printed address for a cookie that scripts and other sites cannot use', async () => {
    const answer = await httpRequest(shell.port, pathOf(addresses[0]!));
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict$/);
  });

  it('accepts a token once and announces the next', async () => {
    const first = pathOf(shell.url);
    await httpRequest(shell.port, first);
    expect((await httpRequest(shell.port, first)).status).toBe(401);
    expect(addresses).toHaveLength(2);
    expect((await httpRequest(shell.port, pathOf(addresses[1]!))).status).toBe(303);
  });

  it('looks at a few wrong tokens only, no matter who sends hundreds, and lets the owner in soon after', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 200; i++) statuses.push((await httpRequest(shell.port, `/?token=guess-${i}`)).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(190);

    const refused = await httpRequest(shell.port, '/?token=guess');
    if (refused.status === 429) expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(8);
    await expect.poll(async () => (await httpRequest(shell.port, pathOf(shell.url))).status, { interval: 250 }).toBe(303);
  });

  it('needs no token from a browser that is signed in, while others guess', async () => {
    const cookie = await signIn();
    for (let i = 0; i < 20; i++) await httpRequest(shell.port, '/?token=guess');
    expect((await httpRequest(shell.port, '/', { headers: { cookie } })).status).toBe(200);
  });

  it('refuses a made-up session', async () => {
    const [name] = (await signIn()).split('=');
    expect((await httpRequest(shell.port, '/', { headers: { cookie: `${name}=guess` } })).status).toBe(401);
  });
});

describe('other pages in the same browser', () => {
  it('are refused by the Host header when they rebind a name to this address', async () => {
    const cookie = await signIn();
    const answer = await httpRequest(shell.port, '/', { headers: { cookie, host: `evil.example:${shell.port}` } });
    expect(answer.status).toBe(403);
  });

  it('are refused by their Origin', async () => {
    const cookie = await signIn();
    const answer = await httpRequest(shell.port, '/uploads', { method: 'POST', headers: { cookie, origin: 'http://evil.example' } });
    expect(answer.status).toBe(403);
  });

  it.each(['cross-site', 'same-site'])('are refused where the browser says that they are %s, by whatever method', async (site) => {
    const cookie = await signIn();
    const headers = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
    for (const [method, path] of [
      ['GET', '/images/x'],
      ['GET', '/?token=guess'],
      ['GET', '/'],
      ['POST', '/uploads'],
    ] as const) {
      expect((await httpRequest(shell.port, path, { method, headers })).status).toBe(403);
    }
  });

  it('cannot hide a foreign Host behind a second one', async () => {
    const cookie = await signIn();
    const own = `127.0.0.1:${shell.port}`;
    for (const hosts of [
      [own, 'evil.example'],
      ['evil.example', own],
      [own, own],
    ]) {
      expect(await statusOfRaw([...hosts.map((host) => `Host: ${host}`), `Cookie: ${cookie}`])).toBe(403);
    }
    expect(await statusOfRaw([`Host: ${own}`, `Cookie: ${cookie}`])).toBe(200);
  });

  it('cannot open the API socket', async () => {
    const cookie = await signIn();
    expect(await openSocket({ cookie, origin: 'http://evil.example' })).toContain('403');
  });
});

describe('the window', () => {
  it('is served with a policy that allows no foreign or inline script', async () => {
    const answer = await httpRequest(shell.port, '/', { headers: { cookie: await signIn() } });
    expect(answer.body).toContain('the window');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  it('has its assets', async () => {
    const answer = await httpRequest(shell.port, '/assets/main.js', { headers: { cookie: await signIn() } });
    expect(answer).toMatchObject({ status: 200, body: 'export {};' });
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/..%2fsecret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets\\..\\..\\secret.js',
    '/assets/link.js',
  ])('does not lead out of its folder by %s', async (path) => {
    const answer = await httpRequest(shell.port, path, { headers: { cookie: await signIn() } });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('outside');
  });

  it('answers a target that names another host with a refusal', async () => {
    const answer = await httpRequest(shell.port, '//evil.example/x', { headers: { cookie: await signIn() } });
    expect(answer.status).toBe(400);
  });

  it('passes images to the core and its errors back in the one shape', async () => {
    const answer = await httpRequest(shell.port, `/images/${'a'.repeat(64)}`, { headers: { cookie: await signIn() } });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not-found', message: 'No such image' });
  });
});

it('answers a file name that is not encoded with what is wrong, not with a fault', async () => {
  const answer = await httpRequest(shell.port, '/uploads', {
    method: 'POST',
    headers: { cookie: await signIn(), 'x-file-name': '%E0%A4%A' },
  });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('x-file-name') as string });
});

it('answers a method that web requests do not have', async () => {
  expect((await httpRequest(shell.port, '/', { method: 'TRACE', headers: { cookie: await signIn() } })).status).toBe(400);
});

describe('the API socket', () => {
  it('needs a session', async () => {
    expect(await openSocket({})).toContain('401');
  });

  it('carries queries, errors and subscriptions, and ends a subscription with its socket', async () => {
    const cookie = await signIn();
    class SignedInSocket extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers: { cookie } });
      }
    }
    const socket = createWSClient({ url: `ws://127.0.0.1:${shell.port}/trpc`, WebSocket: SignedInSocket as never });
    const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });

    expect(await client.app.info.query()).toEqual(STAND_IN_INFO);
    await expect(client.testbeds.get.query({ id: 'x' })).rejects.toMatchObject({
      data: { appError: { code: 'not-found', message: 'No testbed x' } },
    });
    await new Promise((resolve) => client.testbeds.watch.subscribe({ id: 'x' }, { onData: resolve }));
    expect(services.openWatches()).toBe(1);
    await socket.close();
    await services.whenWatches(0);
  });
});

describe('the port', () => {
  it('is refused with a remedy when another program has it', async () => {
    const second = startWebShell({ core: { services }, port: shell.port, openBrowser: false, rendererDir: folder });
    await expect(second).rejects.toMatchObject({ code: 'conflict', hint: expect.stringContaining('--port') });
  });

  it('is free again after closing, with connections cut', async () => {
    const { port } = shell;
    await shell.close();
    const again = await startWebShell({ core: { services }, port, openBrowser: false, rendererDir: folder });
    await again.close();
    expect(again.port).toBe(port);
  });
});
