// The settings that are shipped for all-in-one files are those of SD3 medium: the parts built from them have the sizes of the published files.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { hasPython, PYTHON, WORKER_DIR } from '../../support/worker-harness.js';

const run = promisify(execFile);
const GB = 1e9;

it('the shipped settings give parts of the sizes that are published for SD3 medium, and its table of positions', async (context) => {
  if (!(await hasPython('torch', 'diffusers', 'transformers'))) context.skip('not run: no Python with torch and diffusers here');
  const script = join(import.meta.dirname, '../../support/shipped_settings.py');
  const { stdout } = await run(PYTHON, [script, join(WORKER_DIR, 'config/sd3-medium')]);
  const { sizes, positions } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { sizes: Record<string, number>; positions: number[] };
  const { transformer = 0, vae = 0, clipL = 0, clipG = 0, t5 = 0 } = sizes;
  // sd3_medium 4.34 GB, clip_l 0.246, clip_g 1.39; t5xxl_fp16 has 9.79 and holds the table of words (0.26) twice.
  expect((transformer + vae) / GB).toBeCloseTo(4.34, 2);
  expect(clipL / GB).toBeCloseTo(0.247, 3);
  expect(clipG / GB).toBeCloseTo(1.39, 2);
  expect(t5 / GB).toBeCloseTo(9.79 - 0.26, 1);
  expect(positions).toEqual([1, 36_864, 1_536]);
}, 180_000);
