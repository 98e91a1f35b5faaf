import { modelDir } from '../../../../shared/model-layout.js';
import type { PushedModel } from './push-worker-messages.js';
import { remotePath } from './remote-scripts.js';

/** Where a pushed model is on a node, relative to the home folder: the file, or the folder of a model of several. */
export function pushedModelPath({ sha256, layout, files }: Pick<PushedModel, 'sha256' | 'layout' | 'files'>): string {
  const folder = remotePath(modelDir(sha256));
  return layout === 'all-in-one' ? `${folder}/${files[0]?.path ?? ''}` : folder;
}
