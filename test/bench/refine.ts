// How fast a model is refined, against `cp` of the same bytes in the same run; both are on disk when the clock stops.
import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelProcess } from '../../src/main/programs/model-worker/model-process.js';
import { findProgramPaths } from '../../src/main/foundation/program-paths.js';
import { allInOneTensors, frame, headerOf, seededBytes, tensorBytes } from '../support/model-files.js';

const MIB = 1024 * 1024;
/** Like the published fp8 file: T5-XXL is a little less than half of it. */
const KEPT_BYTES = 1024 * MIB;
const T5_BYTES = 768 * MIB;
const ROUNDS = 3;

interface RefineFigures {
  afterBytes: number;
  refineMbPerSec: number;
  copyMbPerSec: number;
  /** `cp`, then a second reading for the SHA-256 that refining gives on the way. */
  copyAndHashMbPerSec: number;
  peakMemoryMb: number;
}

function sync(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** A file of real bytes, not of holes, so that reading costs what it costs. */
function writeModel(path: string): void {
  const tensors = [
    ...allInOneTensors(),
    { name: 'text_encoders.t5xxl.filler', dtype: 'U8', shape: [T5_BYTES] },
    { name: 'model.diffusion_model.filler', dtype: 'U8', shape: [KEPT_BYTES] },
  ];
  const block = seededBytes(4 * MIB, 1);
  const file = openSync(path, 'w');
  writeSync(file, frame(headerOf(tensors)));
  let left = tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  while (left > 0) left -= writeSync(file, block, 0, Math.min(block.length, left));
  fsyncSync(file);
  closeSync(file);
}

async function fastest(act: () => Promise<void> | void, clear: () => void): Promise<number> {
  let bestMs = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    clear();
    const startedMs = performance.now();
    await act();
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  return bestMs;
}

export async function measureRefine(): Promise<RefineFigures> {
  // BENCH_DIR names a real disk where the temporary folder is memory.
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'dedgeai-bench-strip-'));
  const [inputPath, outputPath, copyPath] = ['in', 'out', 'copy'].map((name) => join(folder, name)) as [string, string, string];
  try {
    writeModel(inputPath);
    const models = new ModelProcess(findProgramPaths().modelWorkerPath);
    let afterBytes = 0;
    let peakMemoryMb = 0;
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const refineMs = await fastest(
      async () => {
        const report = await models.refine({ inputPath, outputPath, overwrite: false }, options);
        afterBytes = report.afterBytes;
        peakMemoryMb = Math.max(peakMemoryMb, report.peakMemoryBytes / 1e6);
      },
      () => rmSync(outputPath, { force: true }),
    );
    const copyMs = await fastest(
      () => {
        execFileSync('cp', [outputPath, copyPath]);
        sync(copyPath);
      },
      () => rmSync(copyPath, { force: true }),
    );
    const copyAndHashMs = await fastest(
      async () => {
        execFileSync('cp', [outputPath, copyPath]);
        sync(copyPath);
        await models.inspect(copyPath, options);
      },
      () => rmSync(copyPath, { force: true }),
    );
    const mbPerSec = (ms: number): number => afterBytes / 1e6 / (ms / 1000);
    const figures = {
      afterBytes,
      refineMbPerSec: mbPerSec(refineMs),
      copyMbPerSec: mbPerSec(copyMs),
      copyAndHashMbPerSec: mbPerSec(copyAndHashMs),
      peakMemoryMb,
    };
    process.stderr.write(
      `strip: ${figures.refineMbPerSec.toFixed(0)} MB/s with SHA-256 in ${figures.peakMemoryMb.toFixed(0)} MB of memory; the same bytes by cp: ` +
        `${figures.copyMbPerSec.toFixed(0)} MB/s, by cp and a hash: ${figures.copyAndHashMbPerSec.toFixed(0)} MB/s\n`,
    );
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
