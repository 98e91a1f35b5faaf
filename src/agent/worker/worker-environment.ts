// What the Python worker gets to see of the agent's environment: what finds programs, libraries and the GPU, and nothing else.
import { type Allocator, allocatorEnvironment } from './allocator-choice.js';

const PASSED = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'CUDA_HOME',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_CACHE_PATH',
  'OMP_NUM_THREADS',
  'OPENBLAS_CORETYPE',
] as const;

/** `cacheDir`: where torch may leave what it compiles; the caller removes it. */
export function workerEnvironment(
  source: NodeJS.ProcessEnv,
  { allocator, cacheDir }: { allocator: Allocator; cacheDir: string },
): Record<string, string> {
  const passed = PASSED.flatMap((name) => {
    const value = source[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_OFFLINE: '1',
    TORCHINDUCTOR_CACHE_DIR: cacheDir,
    ...allocatorEnvironment(allocator),
  };
}
