import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadCommand, listFittingWheels } from '../../../src/main/domain/nodes/provisioning/python/cached-wheels.js';
import { parsePythons } from '../../../src/main/domain/nodes/provisioning/python/find-python.js';

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

  it('are fetched for the device, not for the machine that fetches', () => {
    const command = downloadCommand(['torch', 'diffusers'], '/data/wheels', ORIN);
    expect(command).toContain('--python-version 3.10 --platform manylinux_2_28_aarch64');
    expect(command).toMatch(/--dest "\/data\/wheels" .* torch diffusers$/);
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
