import { join } from 'node:path';
import type { PushedModel } from './push-worker-messages.js';

/** Where a file of the model is on this machine. */
export function localPath({ layout, path }: Pick<PushedModel, 'layout' | 'path'>, file: string): string {
  return layout === 'all-in-one' ? path : join(path, file);
}
