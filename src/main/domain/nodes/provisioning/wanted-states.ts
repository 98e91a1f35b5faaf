// What nodes are wanted to be: kept for each node, changed field by field.
import type { WantedStateInput } from '../../../../shared/api/provisioning-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { NodeWanted, WantedState } from '../../../../shared/provisioning.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import type { WantedStateRepository } from '../../../adapters/storage/wanted-state-repository.js';

interface WantedStatesOptions {
  wantedStates: WantedStateRepository;
  hasModel: (modelId: string) => boolean;
}

export class WantedStates {
  readonly #options: WantedStatesOptions;

  constructor(options: WantedStatesOptions) {
    this.#options = options;
  }

  list(nodes: readonly TestbedNode[]): NodeWanted[] {
    return nodes.map(({ id }) => ({ nodeId: id, wanted: this.#options.wantedStates.get(id) }));
  }

  /** What each node would be wanted to be after the change. Throws `invalid-input` naming what does not fit together. */
  changed(nodes: readonly TestbedNode[], change: WantedStateInput | undefined): NodeWanted[] {
    return nodes.map((node) => {
      const wanted = change ? mergeWanted(this.#options.wantedStates.get(node.id), change) : this.#options.wantedStates.get(node.id);
      // What was stored before a model left the store is told by the step that needs it.
      if (change) this.#check(node, wanted);
      return { nodeId: node.id, wanted };
    });
  }

  keep(states: readonly NodeWanted[]): void {
    this.#options.wantedStates.setAll(states);
  }

  #check({ name, kind }: TestbedNode, { worker, modelId }: WantedState): void {
    if (worker === 'simulated') return;
    if (kind === 'virtual') {
      throw new AppError(
        'invalid-input',
        `"${name}" is a virtual node, whose images are simulated.`,
        'Choose the simulated worker, or add the host as a real node.',
      );
    }
    if (modelId === null) throw new AppError('invalid-input', 'The reSD3-m worker needs a model.', 'Name a model of the store.');
    if (!this.#options.hasModel(modelId)) {
      throw new AppError('not-found', `There is no model "${modelId}" in the store.`, 'List the models to see their ids.');
    }
  }
}

/** Pure. The simulated worker has no model. */
export function mergeWanted(before: WantedState, { worker, modelId, service }: WantedStateInput): WantedState {
  const next = { worker: worker ?? before.worker, service: service ?? before.service };
  return { ...next, modelId: next.worker === 'simulated' ? null : modelId === undefined ? before.modelId : modelId };
}
