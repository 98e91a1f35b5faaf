// The desired states of nodes: kept for each node, changed field by field.
import type { DesiredStateInput } from '../../../../shared/api/provisioning-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { NodeDesiredState, DesiredState } from '../../../../shared/provisioning.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import type { DesiredStateRepository } from '../../../adapters/storage/desired-state-repository.js';

interface DesiredStatesOptions {
  desiredStates: DesiredStateRepository;
  hasModel: (modelId: string) => boolean;
}

export class DesiredStates {
  readonly #options: DesiredStatesOptions;

  constructor(options: DesiredStatesOptions) {
    this.#options = options;
  }

  list(nodes: readonly TestbedNode[]): NodeDesiredState[] {
    return nodes.map(({ id }) => ({ nodeId: id, desired: this.#options.desiredStates.get(id) }));
  }

  /** The desired state of each node after the change. Throws `invalid-input` naming what does not fit together. */
  changed(nodes: readonly TestbedNode[], change: DesiredStateInput | undefined): NodeDesiredState[] {
    return nodes.map((node) => {
      const desired = change ? mergeDesired(this.#options.desiredStates.get(node.id), change) : this.#options.desiredStates.get(node.id);
      // What was stored before a model left the store is reported by the step that needs it.
      if (change) this.#check(node, desired);
      return { nodeId: node.id, desired };
    });
  }

  keep(states: readonly NodeDesiredState[]): void {
    this.#options.desiredStates.setAll(states);
  }

  #check({ name, kind }: TestbedNode, { worker, modelId }: DesiredState): void {
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
      throw new AppError('not-found', `There is no model “${modelId}” in the store.`, 'List the models to see their ids.');
    }
  }
}

/** Pure. The simulated worker has no model. */
export function mergeDesired(before: DesiredState, { worker, modelId, service }: DesiredStateInput): DesiredState {
  const next = { worker: worker ?? before.worker, service: service ?? before.service };
  return { ...next, modelId: next.worker === 'simulated' ? null : modelId === undefined ? before.modelId : modelId };
}
