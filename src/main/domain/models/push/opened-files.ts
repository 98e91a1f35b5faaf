// The files of a model on this machine, opened as they are asked for; for a look from outside of a push.
import type { StoredModel } from '../../../adapters/storage/model-repository.js';
import { LocalFile } from './local-file.js';
import { localPath } from './local-path.js';
import type { BlockOfModel } from './remote-scripts.js';

export class OpenedFiles {
  readonly #files = new Map<number, Promise<LocalFile>>();

  constructor(private readonly model: Pick<StoredModel, 'layout' | 'path' | 'files'>) {}

  /** In hex. Throws as `LocalFile`. */
  async blockSha256({ file, block }: BlockOfModel): Promise<string> {
    const recorded = this.model.files[file];
    if (!recorded) throw new Error('A check names a file that the model has not');
    let opening = this.#files.get(file);
    if (!opening) {
      opening = LocalFile.open(localPath(this.model, recorded.path), recorded);
      this.#files.set(file, opening);
    }
    return (await (await opening).blockSha256(block)).toString('hex');
  }

  async close(): Promise<void> {
    for (const opening of this.#files.values()) await opening.then((file) => file.close()).catch(() => undefined);
  }
}
