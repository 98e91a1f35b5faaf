import { wordFor } from '../../../shared/command-line.js';
import { hasT5 } from '../../../shared/model-variant.js';
import type { Model } from '../../../shared/model.js';
import type { Situation } from './situation.js';

/** The model that the path is about: the one that nodes are to have, else one that needs no refining; null while there is none. */
export function chooseModel({ nodes, models }: Pick<Situation, 'nodes' | 'models'>): Model | null {
  const desiredId = nodes.find(({ desired }) => desired.modelId !== null)?.desired.modelId;
  const desired = models.find(({ id }) => id === desiredId);
  const present = models.filter(({ isPresent }) => isPresent);
  return desired ?? present.find((model) => !hasT5(model)) ?? present[0] ?? models[0] ?? null;
}

/** What commands find the model by; the name that the weights get where there is none yet. */
export function modelWord({ nodes, models }: Pick<Situation, 'nodes' | 'models'>): string {
  const model = chooseModel({ nodes, models });
  return model ? wordFor(model, models) : 'sd3_medium_incl_clips';
}
