// A shim for child programs that notes what the kernel was asked to make durable, at the system's border.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export const NO_SYNC_LOG = 'There is no C compiler here, so flushes could not be seen.';

/** To be preloaded with SYNC_LOG set; see log-syncs.c. Null without a C compiler. */
export function buildSyncLog(folder: string): string | null {
  const path = join(folder, 'log-syncs.so');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', path, join(import.meta.dirname, 'log-syncs.c'), '-ldl'], { stdio: 'ignore' });
    return path;
  } catch {
    return null;
  }
}
