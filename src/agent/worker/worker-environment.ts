// What the Python worker gets to see of the agent's environment: what finds programs, libraries and the GPU, and nothing else.

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

export function workerEnvironment(source: NodeJS.ProcessEnv): Record<string, string> {
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
    // Large blocks at once fail on some releases of Jetson Linux (CVE-2025-33177's fix); growing segments take the way that works.
    PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True',
  };
}
