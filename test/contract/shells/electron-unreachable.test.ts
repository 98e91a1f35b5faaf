// What the launcher says where Electron's binary cannot be had for a reason of the network, a proxy or this machine, and that it continues
// once the reason is gone.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificateAuthority, issueCertificate } from '../../../src/main/adapters/agents/certificate-authority.js';
import { nodeServerName } from '../../../src/shared/agent-config.js';
import { startElectronMirror } from '../../support/electron-mirror.js';
import type { ElectronMirror } from '../../support/electron-mirror.js';
import { startHttpProxy } from '../../support/http-proxy.js';
import type { HttpProxy } from '../../support/http-proxy.js';
import { makeElectronArchive, makeLauncherClone } from '../../support/launcher-clone.js';
import type { LauncherClone } from '../../support/launcher-clone.js';
import { mountSmallDisk } from '../../support/small-disk.js';

const PATIENCE = { answerWithinMs: 20_000, stallMs: 20_000, tries: 1, retryAfterMs: 1 };
const LOGIN = 'lab:hidden-word';

const archive = makeElectronArchive();
const undo: (() => unknown)[] = [];
let clone: LauncherClone;

beforeEach(() => {
  clone = makeLauncherClone(archive);
  undo.push(() => clone.remove());
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function obtain(env: NodeJS.ProcessEnv): Promise<{ path?: string; reason?: string; hint?: string; output: string }> {
  const patience = { usual: PATIENCE, quick: PATIENCE, insisting: PATIENCE };
  const { output } = await clone.run('obtain.mjs', [JSON.stringify({ insist: false, patience })], env).ended;
  const line = output.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  return { ...(JSON.parse(line) as object), output };
}

async function serve(identity?: { key: string; cert: string }): Promise<ElectronMirror> {
  const mirror = await startElectronMirror(archive, identity);
  undo.push(() => mirror.close());
  return mirror;
}

async function proxyTo(mirror: ElectronMirror): Promise<HttpProxy> {
  const proxy = await startHttpProxy({ login: LOGIN, leadTo: Number(new URL(mirror.url).port) });
  undo.push(() => proxy.close());
  return proxy;
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A mirror that shows a certificate for a name, and the file that makes it trusted. */
async function serveEncrypted(): Promise<{ mirror: ElectronMirror; host: string; trust: NodeJS.ProcessEnv }> {
  const authority = await createCertificateAuthority({ testbedId: 'mirror', nowMs: Date.now() });
  const { certificatePem, privateKeyPem } = await issueCertificate({ authority, kind: 'node', id: 'mirror', nowMs: Date.now() });
  const path = join(clone.dir, 'authority.pem');
  writeFileSync(path, authority.certificatePem);
  return {
    mirror: await serve({ cert: certificatePem, key: privateKeyPem }),
    host: nodeServerName('mirror'),
    trust: { NODE_EXTRA_CA_CERTS: path },
  };
}

describe('the network', () => {
  it('that does not know the name', async () => {
    const { reason, hint } = await obtain({ ELECTRON_MIRROR: 'http://electron.invalid/' });
    expect(reason).toContain('electron.invalid cannot be looked up (no network, or no name server');
    expect(hint).toContain('Check the network');
  });

  it('whose host refuses', async () => {
    const port = await closedPort();
    const { reason } = await obtain({ ELECTRON_MIRROR: `http://127.0.0.1:${port}/` });
    expect(reason).toContain(`127.0.0.1:${port} refuses the connection`);
  });

  it('whose host shows a certificate that no one vouches for', async () => {
    const { mirror, trust } = await serveEncrypted();
    const { reason, hint } = await obtain({ ELECTRON_MIRROR: mirror.url, NODE_EXTRA_CA_CERTS: undefined });
    expect(reason).toMatch(/the encrypted connection to 127\.0\.0\.1:\d+ cannot be trusted \(/);
    expect(hint).toContain('NODE_EXTRA_CA_CERTS');
    // Trusted now, but made for another name.
    expect((await obtain({ ELECTRON_MIRROR: mirror.url, ...trust })).reason).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('whose host breaks every connection', async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect((await obtain({ ELECTRON_MIRROR: `http://127.0.0.1:${port}/` })).reason).toContain('broke (ECONNRESET)');
  });

  it('that leads from an encrypted address to one that is not', async () => {
    const server = createServer((_request, response) => response.writeHead(302, { location: 'ftp://elsewhere/' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect((await obtain({ ELECTRON_MIRROR: `http://127.0.0.1:${port}/` })).reason).toContain('not encrypted');
  });
});

describe('a redirect', () => {
  it('is followed', async () => {
    const mirror = await serve();
    const server = createServer(({ url }, response) => response.writeHead(302, { location: new URL(url ?? '', mirror.url).href }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(() => server.close());
    const { path, output } = await obtain({ ELECTRON_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    expect(path, output).toBeDefined();
  });
});

describe('a proxy', () => {
  it('is used for plain addresses, with its login', async () => {
    const proxy = await proxyTo(await serve());
    const env = { ELECTRON_MIRROR: 'http://electron.invalid/', HTTP_PROXY: `http://${LOGIN}@127.0.0.1:${proxy.port}` };
    const { path, output } = await obtain(env);
    expect(path, output).toBeDefined();
    expect(proxy.hosts).toEqual(['electron.invalid']);
  });

  it('is tunnelled through for encrypted ones, whose certificate is judged all the same', async () => {
    const { mirror, host, trust } = await serveEncrypted();
    const proxy = await proxyTo(mirror);
    const env = { ELECTRON_MIRROR: `https://${host}/`, https_proxy: `http://${LOGIN}@127.0.0.1:${proxy.port}` };
    const untrusted = await obtain({ ...env, NODE_EXTRA_CA_CERTS: undefined });
    expect(untrusted.reason, untrusted.output).toContain(`the encrypted connection to ${host} cannot be trusted`);
    const { path, output } = await obtain({ ...env, ...trust });
    expect(path, output).toBeDefined();
    expect(proxy.hosts).toEqual([`${host}:443`, `${host}:443`]);
  });

  it.each(['http', 'https'])('that wants a login is reported, and a wrong one shown to no one (%s)', async (scheme) => {
    const proxy = await proxyTo(await serve());
    const address = `http://lab:wrong-word@127.0.0.1:${proxy.port}`;
    const { reason, hint, output } = await obtain({
      ELECTRON_MIRROR: `${scheme}://electron.invalid/`,
      HTTP_PROXY: address,
      HTTPS_PROXY: address,
    });
    expect(reason).toContain('the proxy asks for a login (407)');
    expect(hint).toContain('HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT');
    expect(output).not.toContain('wrong-word');
  });

  it('that is not there is distinguished from a mirror that is not', async () => {
    const port = await closedPort();
    const { reason, output } = await obtain({
      ELECTRON_MIRROR: 'https://electron.invalid/',
      npm_config_https_proxy: `http://${LOGIN}@127.0.0.1:${port}`,
    });
    expect(reason).toContain(`the proxy 127.0.0.1:${port} refuses the connection`);
    expect(output).not.toContain('hidden-word');
  });

  it('is not used for a host that NO_PROXY names', async () => {
    const proxy = await proxyTo(await serve());
    const env = {
      ELECTRON_MIRROR: 'http://mirror.electron.invalid/',
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      NO_PROXY: 'x, .electron.invalid',
    };
    expect((await obtain(env)).reason).toContain('mirror.electron.invalid cannot be looked up');
  });
});

describe('this machine', () => {
  it('has a full disk: what has come stays, and the next start continues', async () => {
    const disk = mountSmallDisk(1);
    // Only root may mount.
    if (!disk) return expect(process.getuid?.()).not.toBe(0);
    undo.push(() => disk.remove());
    const mirror = await serve();
    const env = { ELECTRON_MIRROR: mirror.url, electron_config_cache: disk.dir };
    const { reason, hint } = await obtain(env);
    expect(reason).toMatch(new RegExp(`the disk of ${disk.dir}/.*\\.part is full`));
    expect(hint).toContain('Free about 0.5 GB');
    disk.grow(8);
    const { path, output } = await obtain(env);
    expect(path, output).toBeDefined();
    expect(mirror.asked).toEqual([null, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  it('has a cache folder that is none', async () => {
    const path = join(clone.dir, 'a-file');
    writeFileSync(path, '');
    const mirror = await serve();
    const { reason, hint } = await obtain({ ELECTRON_MIRROR: mirror.url, electron_config_cache: path });
    expect(reason).toMatch(new RegExp(`${path}.* cannot be written`));
    expect(hint).toContain('electron_config_cache');
    expect(mirror.asked).toEqual([]);
  });

  it('cannot unpack it: nothing half is left', async () => {
    const broken = Buffer.from(archive.subarray(0, 1_500_000));
    clone.remove();
    clone = makeLauncherClone(broken);
    const mirror = await serve();
    mirror.content = broken;
    const first = await obtain({ ELECTRON_MIRROR: mirror.url });
    expect(first.reason).toContain('could not be unpacked into ');
    expect(readdirSync(clone.electronDir).sort()).toEqual(['checksums.json', 'package.json']);
    await obtain({ ELECTRON_MIRROR: mirror.url });
    expect(mirror.asked).toHaveLength(1);
  });

  it('has an Electron of its own', async () => {
    const folder = join(clone.dir, 'own-electron');
    mkdirSync(folder);
    const env = { ELECTRON_OVERRIDE_DIST_PATH: folder, ELECTRON_MIRROR: 'http://electron.invalid/' };
    expect((await obtain(env)).reason).toContain(`ELECTRON_OVERRIDE_DIST_PATH names ${folder}, where there is no electron`);
    writeFileSync(join(folder, 'electron'), '');
    expect((await obtain(env)).path).toBe(join(folder, 'electron'));
    expect(existsSync(clone.cacheDir)).toBe(false);
  });

  it('has been given an address that is none', async () => {
    expect((await obtain({ ELECTRON_MIRROR: 'npmmirror' })).reason).toContain('“npmmirror” is not the address of a download site');
  });
});
