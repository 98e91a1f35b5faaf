// Where the program keeps its data unless another folder is named.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** DEDGEAI_DATA, else the platform's folder for application data. */
export function defaultDataDir(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (environment.DEDGEAI_DATA) return environment.DEDGEAI_DATA;
  const folder = 'dedgeai-control-center';
  if (platform === 'win32') return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), folder);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', folder);
  return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), folder);
}
