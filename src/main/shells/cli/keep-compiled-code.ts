// Compiled code is kept for the next command, which then starts a third sooner. In the user's own cache folder, not among the temporary
// files of all users, as Node.js would: what lies there is run.
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Never fails: where the folder can't be made or written, code is compiled as always. To be called before the code that it is to help. */
export function keepCompiledCode(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): void {
  const folder = compiledCodeFolder(environment, platform);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    enableCompileCache(folder);
  } catch {
    // A machine without a home folder runs the program all the same.
  }
}

/** The platform's folder for what may be deleted at any time. */
export function compiledCodeFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const own = join('dedgeai-control-center', 'compiled-code');
  if (platform === 'win32') return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), own);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', own);
  // A relative path there is to be ignored, as the specification of base folders says.
  const base = environment.XDG_CACHE_HOME?.startsWith('/') ? environment.XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, own);
}
