import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  downloadCommand,
  extraLibraries,
  listFittingWheels,
  severalTorches,
} from '../../../src/main/domain/nodes/provisioning/python/cached-wheels.js';
import type { NodeSession } from '../../../src/main/domain/nodes/provisioning/node-session.js';
import { launcherOf } from '../../../src/main/domain/nodes/provisioning/python/launcher.js';
import { proveTorch } from '../../../src/main/domain/nodes/provisioning/python/prove-torch.js';
import { FIND_PYTHON_COMMAND, parsePythons } from '../../../src/main/domain/nodes/provisioning/python/find-python.js';

const ORIN = { version: '3.10.12', machine: 'aarch64', system: 'linux' };

describe('wheels of this machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wheels-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('fit by Python, interface and machine', async () => {
    const fitting = [
      'diffusers-0.42.1-py3-none-any.whl',
      'torch-2.8.0-cp310-cp310-linux_aarch64.whl',
      'numpy-2.2.6-cp310-cp310-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
      'tokenizers-0.22.1-cp39-abi3-manylinux_2_17_aarch64.whl',
      'open_clip_torch-3.2.0-1-py2.py3-none-any.whl',
    ];
    const others = [
      'torch-2.8.0-cp311-cp311-linux_aarch64.whl',
      'numpy-2.2.6-cp310-cp310-manylinux_2_17_x86_64.whl',
      'numpy-2.2.6-cp310-cp310-macosx_14_0_arm64.whl',
      'safetensors-0.8.0-cp311-abi3-manylinux_2_17_aarch64.whl',
      'notes.txt',
      'broken.whl',
    ];
    for (const name of [...fitting, ...others]) writeFileSync(join(folder, name), '');
    const wheels = await listFittingWheels(folder, ORIN);
    expect(wheels.map(({ fileName }) => fileName).sort()).toEqual([...fitting].sort());
    expect(wheels.map((wheel) => wheel.package)).toContain('open-clip-torch');
  });

  it('are none where the folder is not there', async () => {
    expect(await listFittingWheels(join(folder, 'none'), ORIN)).toEqual([]);
  });

  it('are distinguished: several torches, and the libraries that are installed without what they depend on', async () => {
    const names = [
      'torch-2.8.0-cp310-cp310-linux_aarch64.whl',
      'torch-2.14.1-cp310-cp310-manylinux_2_28_aarch64.whl',
      'nvidia_cudss_cu12-0.7.1.6-py3-none-manylinux_2_17_aarch64.whl',
      'nvidia_cublas_cu12-12.9.1.4-py3-none-manylinux_2_27_aarch64.whl',
    ];
    for (const name of names) writeFileSync(join(folder, name), '');
    const wheels = await listFittingWheels(folder, ORIN);
    expect(severalTorches(wheels).map(({ fileName }) => fileName)).toEqual([names[1], names[0]]);
    expect(severalTorches(wheels.filter(({ fileName }) => fileName !== names[1]))).toEqual([]);
    expect(extraLibraries(wheels).map((wheel) => wheel.package)).toEqual(['nvidia-cudss-cu12']);
  });

  it('are fetched for the device, not for the machine that fetches', () => {
    const command = downloadCommand(['torch', 'diffusers'], '/data/wheels', ORIN);
    expect(command).toContain('--python-version 3.10 --platform linux_aarch64 --platform manylinux_2_28_aarch64');
    expect(command).toMatch(/--dest "\/data\/wheels" .* torch diffusers$/);
  });
});

describe('the launcher of the worker', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'launcher-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** What a Python that is started by it finds in LD_LIBRARY_PATH. */
  function librariesOf(environment: NodeJS.ProcessEnv = {}): string {
    const python = join(home, "it's a venv/bin/python3");
    mkdirSync(dirname(python), { recursive: true });
    writeFileSync(python, '#!/bin/sh\nprintf %s "$LD_LIBRARY_PATH"\n', { mode: 0o755 });
    const launcher = join(home, 'python');
    writeFileSync(launcher, launcherOf({ path: python, version: '3.10.12', machine: 'x86_64' }).bytes, { mode: 0o755 });
    return execFileSync(launcher, [], { env: { HOME: home, PATH: '/usr/bin:/bin', ...environment }, encoding: 'utf8' });
  }

  it('names the folders of the libraries that came as packages, before those that are there', () => {
    const packages = join(home, "it's a venv/lib/python3.10/site-packages/nvidia");
    for (const name of ['cu12', 'cusparselt']) mkdirSync(join(packages, name, 'lib'), { recursive: true });
    const own = [join(packages, 'cu12/lib'), join(packages, 'cusparselt/lib')].join(':');
    expect(librariesOf()).toBe(own);
    expect(librariesOf({ LD_LIBRARY_PATH: '/opt/lib' })).toBe(`${own}:/opt/lib`);
  });

  it('names none where there are none', () => {
    expect(librariesOf()).toBe('');
  });
});

describe('the proof of torch', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'prove-torch-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** What is found where the worker's Python has this as its torch, on a device with or without a GPU. */
  function prove(torch: string, gpuName: string | null = 'Orin'): ReturnType<typeof proveTorch> {
    mkdirSync(join(home, '.dedgeai/worker'), { recursive: true });
    mkdirSync(join(home, 'modules'));
    writeFileSync(join(home, 'modules/torch.py'), torch);
    const launcher = `#!/bin/sh\nPYTHONPATH='${join(home, 'modules')}' exec python3 "$@"\n`;
    writeFileSync(join(home, '.dedgeai/worker/python'), launcher, { mode: 0o755 });
    const attempt = (command: string): Promise<object> => {
      const { stdout, status } = spawnSync('sh', ['-c', command], { env: { ...process.env, HOME: home, TMPDIR: home }, encoding: 'utf8' });
      return Promise.resolve({ code: status, stdout, stderr: '', isTruncated: false });
    };
    return proveTorch({ facts: { jetpack: null, gpuName }, attempt } as unknown as NodeSession);
  }
  /** A torch of which a product of ones is this. */
  const torchOf = (product: string): string => `
__version__ = "2.9.1+cu130"
half = 1
class version: cuda = "13.0"
class cuda:
    @staticmethod
    def is_available(): return True
class Ones:
    def __matmul__(self, _other): return self
    def __getitem__(self, _index): return self
    def item(self): ${product}
def ones(*_sizes, device, dtype): return Ones()
`;

  it('is a product of matrices that comes out right', async () => {
    expect(await prove(torchOf('return 512.0'))).toBeNull();
    expect(readdirSync(home).filter((name) => name.startsWith('dedgeai-torch'))).toEqual([]);
  });

  it('fails where is_available says yes and the kernel is for another GPU', async () => {
    const finding = await prove(torchOf('raise RuntimeError("CUDA error: no kernel image is available for execution on the device")'));
    expect(finding).toMatchObject({
      verdict: 'blocked',
      why: expect.stringMatching(/torch 2\.9\.1\+cu130 \(CUDA 13\.0\) can't compute on the GPU: RuntimeError: .*no kernel image/) as string,
      remedy: expect.stringContaining('wheels fetch') as string,
    });
  });

  it('fails where the product is wrong', async () => {
    expect((await prove(torchOf('return 0.0')))?.why).toContain('came out as 0.0');
  });

  it.each([
    ['libcudss.so.0', 'nvidia-cudss-cu12'],
    ['libcusparseLt.so.0', 'nvidia-cusparselt-cu12'],
    ['libopenblas.so.0', 'libopenblas0-pthread'],
    ['libcudart.so.12', 'nvidia-jetpack'],
  ])('names what cures a missing %s', async (library, cure) => {
    const finding = await prove(`raise ImportError("${library}: cannot open shared object file: No such file or directory")`);
    expect(finding?.remedy).toContain(cure);
  });

  it('is not asked for on a device without a GPU', async () => {
    expect(await prove('raise ImportError("not to be loaded")', null)).toBeNull();
  });
});

describe('the Pythons of a node', () => {
  const answer = (change: object = {}): string =>
    JSON.stringify({
      version: '3.10.12',
      machine: 'aarch64',
      system: 'linux',
      missing: ['diffusers', 'PIL'],
      torch: '2.8.0',
      diffusers: '',
      hasVenv: true,
      hasPip: true,
      nvidia: [],
      hasOpenClip: false,
      ...change,
    });

  it('are reported with the packages they lack, in the words of pip', () => {
    const [python] = parsePythons(`python=/usr/bin/python3\n${answer()}\n`);
    expect(python).toMatchObject({ path: '/usr/bin/python3', isOurs: false, missing: ['diffusers', 'pillow'] });
  });

  it('are ours when they lie in our folder', () => {
    const [ours] = parsePythons(`python=/home/lab/.dedgeai/venv/bin/python3\n${answer({ missing: [] })}\n`);
    expect(ours?.isOurs).toBe(true);
  });

  it('count once, however many names lead to them', () => {
    expect(parsePythons(`python=/usr/bin/python3\n${answer()}\npython=/usr/bin/python3\n${answer()}\n`)).toHaveLength(1);
  });

  it('are asked for libraries, whatever lies in the home folder under their names', (context) => {
    const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
    if (python.status !== 0) context.skip('not run: no python3 here');
    const home = mkdtempSync(join(tmpdir(), 'python-home-'));
    const bin = join(home, 'bin');
    mkdirSync(bin);
    symlinkSync(python.stdout.trim(), join(bin, 'python3'));
    const ask = () => {
      const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin` };
      return parsePythons(spawnSync('/bin/sh', ['-c', FIND_PYTHON_COMMAND], { cwd: home, env, encoding: 'utf8' }).stdout);
    };
    const before = ask();
    // A clone of a library's repository, and files as anyone has them.
    for (const name of ['torch', 'diffusers', 'open_clip', 'pip', 'ensurepip']) mkdirSync(join(home, name));
    for (const name of ['json', 'platform', 'torch']) writeFileSync(join(home, `${name}.py`), 'raise SystemExit(3)\n');
    const after = ask();
    rmSync(home, { recursive: true });

    expect(before.length).toBeGreaterThan(0);
    expect(after).toEqual(before);
  });

  it.each([
    ['too old', `python=/usr/bin/python3\n${answer({ version: '3.6.9' })}\n`],
    ['hostile', `python=/usr/bin/python3\n${answer({ machine: '$(reboot)' })}\n`],
    ['broken', 'python=/usr/bin/python3\n{"version"\n'],
    ['silent', 'python=/usr/bin/python3\n'],
    ['nameless', `${answer()}\n`],
  ])('that are %s are passed over', (_what, output) => {
    expect(parsePythons(output)).toEqual([]);
  });
});
