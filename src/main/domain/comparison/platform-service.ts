// The platforms that Table V shows: the paper's rows with what was changed of them, and rows of one's own.
import type { AddPlatformInput, ResetPlatformInput, SetPlatformInput } from '../../../shared/api/platform-inputs.js';
import { AppError } from '../../../shared/errors.js';
import { nameFigure, type Platform } from '../../../shared/platform.js';
import type { OwnPlatform, PlatformFigureRepository } from '../../adapters/storage/platform-figure-repository.js';
import type { PlatformRepository } from '../../adapters/storage/platform-repository.js';
import { applyEdits, ownPlatform } from './apply-edits.js';

export interface PlatformServiceOptions {
  paper: Pick<PlatformRepository, 'list'>;
  figures: Pick<PlatformFigureRepository, 'listOwn' | 'addOwn' | 'setRemoved' | 'figures' | 'setFigure' | 'deleteFigures'>;
  newId(): string;
  record(kind: string, subjectId: string, message: string): void;
  nowMs(): number;
}

export class PlatformService {
  constructor(private readonly options: PlatformServiceOptions) {}

  /** Those of the paper in its order, then one's own, oldest first. */
  list(): Platform[] {
    const { paper, figures } = this.options;
    const changed = figures.figures();
    return [
      ...paper.list().map((baseline) => applyEdits(baseline, changed.get(baseline.id) ?? [])),
      ...figures
        .listOwn()
        .filter(({ removedAtMs }) => removedAtMs === null)
        .map((own) => ownPlatform(own, changed.get(own.id) ?? [])),
    ];
  }

  /** Throws `not-found`, and `conflict` for the paper's own system. */
  set({ id, ...input }: SetPlatformInput): Platform {
    const platform = this.requireEditable(id);
    const count = input.field === 'delay' ? input.count : 0;
    const { field, value, source, date, note } = input;
    this.options.figures.setFigure(id, { field, count, value, source, date, note, changedAtMs: this.options.nowMs() });
    this.options.record('platform-changed', id, `${nameFigure({ field, count })} of ${platform.platform} was set to ${value}.`);
    return this.require(id);
  }

  add({ platform, model, delaySec, pricePer1kUsd, ...evidence }: AddPlatformInput): Platform {
    const { figures, newId, record, nowMs } = this.options;
    const own: OwnPlatform = { id: newId(), platform, createdAtMs: nowMs(), removedAtMs: null };
    const common = { ...evidence, changedAtMs: nowMs() };
    figures.addOwn(own, [
      { field: 'model', count: 0, value: model, ...common },
      { field: 'delay', count: 1, value: delaySec, ...common },
      ...(pricePer1kUsd === null ? [] : [{ field: 'price' as const, count: 0, value: pricePer1kUsd, ...common }]),
    ]);
    record('platform-added', own.id, `Platform ${platform} was added to Table V.`);
    return this.require(own.id);
  }

  /** Back to the paper: one figure, or the whole row. Throws `conflict` for a row of one's own, which has no paper to return to. */
  reset({ id, field, count }: ResetPlatformInput): Platform {
    const platform = this.require(id);
    if (platform.isAddedHere) {
      throw new AppError('conflict', `${platform.platform} is a row of your own`, 'The paper says nothing of it: change it or remove it.');
    }
    this.options.figures.deleteFigures(id, field ?? null, field === 'delay' ? (count ?? null) : null);
    this.options.record('platform-reset', id, `${platform.platform} has the paper's figures again.`);
    return this.require(id);
  }

  /** Only rows of one's own; `restore` brings it back. Throws `conflict` for the paper's. */
  remove(id: string): { id: string; platform: string } {
    const platform = this.require(id);
    if (!platform.isAddedHere) {
      throw new AppError('conflict', `${platform.platform} is a row of the paper`, 'Only rows that you added can be removed.');
    }
    this.options.figures.setRemoved(id, this.options.nowMs());
    this.options.record('platform-removed', id, `Platform ${platform.platform} was removed from Table V.`);
    return { id, platform: platform.platform };
  }

  /** Undoes a removal; does nothing to a row that is there. */
  restore(id: string): Platform {
    if (!this.options.figures.listOwn().some((own) => own.id === id)) throw notFound(id);
    this.options.figures.setRemoved(id, null);
    return this.require(id);
  }

  private require(id: string): Platform {
    const found = this.list().find((platform) => platform.id === id);
    if (!found) throw notFound(id);
    return found;
  }

  private requireEditable(id: string): Platform {
    const platform = this.require(id);
    if (platform.isEdge) {
      throw new AppError(
        'conflict',
        `${platform.platform} is what the paper measured`,
        'It stays as printed, so that others can be held against it. Add a row of your own instead.',
      );
    }
    return platform;
  }
}

function notFound(id: string): AppError {
  return new AppError('not-found', `There is no platform ${id}`, 'List the platforms to see their ids.');
}
