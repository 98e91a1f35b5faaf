// A policy that learned in the testbed's environment, at work at one base station (BS): on a node, in an evaluation, and while it learns.
// Deployed it takes the most probable server of a chain without noise; while it learns it draws, with noise. Nothing else differs.
//
// Tasks of a batch are decided one after the other, and each counts in the backlogs that the next one sees. A network that is shared by the
// servers is asked about those that answer, however many they are; one of a station is asked about all that it knows, and the most probable
// of those that answer is taken.
import {
  type Decision,
  expectedComputeSec,
  type SchedulableTask,
  type SchedulingObservation,
  type SchedulingPolicy,
} from '../policies/policy.js';
import { reachableIndices } from '../policies/reachable.js';
import type { RandomSource } from '../../random/random.js';
import { type ChainInputs, createNetworkDecider, mostProbableAmong, type NetworkDecider, type NetworkShape } from './network-decider.js';
import { serverStateLength, type StateRules, writeServerState } from './server-state.js';

/** Latents kept, by place in a batch; later places share the last. */
const MAX_LATENTS = 1000;

export type TestbedPolicyForm = Pick<NetworkShape, 'method' | 'settings'> &
  Pick<StateRules, 'largestQualitySteps'> & {
    /** ESs that it learned with: a network of a station chooses among exactly so many. */
    servers: number;
  };

/** One decision as it was made; arrays are good until the next one. */
export interface DecisionMade {
  /** The network's input. */
  state: Float64Array;
  /** What its chain started from; null where nothing is stored. */
  latents: Float64Array | null;
  /** Of each ES asked about: its index among all. */
  asked: readonly number[];
  probabilities: Float64Array;
  /** Among those asked about. */
  chosen: number;
}

export interface TestbedDecisionsOptions {
  form: TestbedPolicyForm;
  /** Of this station's network, or of the one for all. */
  parameters: ArrayLike<number>;
  /** While it learns: noise for the chain, and the action is drawn. Absent where it is deployed. */
  learning?: {
    noise: NonNullable<ChainInputs['noise']>;
    /** Share of decisions drawn uniformly. */
    explorationRate?: number;
  };
  onDecision?: (decision: DecisionMade) => void;
}

export class TestbedDecisions implements SchedulingPolicy {
  readonly name: string;
  readonly usesBacklog = true;
  readonly #options: TestbedDecisionsOptions;
  readonly #rules: StateRules;
  /** By the number of servers asked about. */
  readonly #deciders = new Map<number, { network: NetworkDecider; state: Float64Array }>();
  /** By place in a batch; only where chains start from them. */
  readonly #latents: Float64Array[] = [];
  #parameters: ArrayLike<number>;

  constructor(options: TestbedDecisionsOptions) {
    const { form, parameters } = options;
    this.name = form.method;
    this.#options = options;
    this.#parameters = parameters;
    this.#rules = { ...form.settings, largestQualitySteps: form.largestQualitySteps };
  }

  /** While it learns: as the network is after an update. */
  setParameters(parameters: ArrayLike<number>): void {
    this.#parameters = parameters;
    for (const { network } of this.#deciders.values()) network.setParameters(parameters);
  }

  /** Chains start evenly again. */
  forgetLatents(): void {
    this.#latents.length = 0;
  }

  decideBatch(tasks: readonly SchedulableTask[], observation: SchedulingObservation, random: RandomSource): Decision[] {
    return [...this.decideInTurn(tasks, observation, random)];
  }

  *decideInTurn(tasks: readonly SchedulableTask[], observation: SchedulingObservation, random: RandomSource): Generator<Decision> {
    const reachable = reachableIndices(observation);
    const { edgeServers } = observation;
    const isShared = this.#options.form.settings.network === 'shared';
    const asked = isShared ? reachable : edgeServers.map((_, index) => index);
    // Of equals the own server, else the next after it: stations that see the same do not all go to the same.
    const choices = inOrderFrom(
      observation.selfIndex,
      reachable.map((server, place) => ({ server, choice: isShared ? place : server })),
    );
    const backlogSec = asked.map((index) => edgeServers[index]!.backlogSec);
    for (const [place, task] of tasks.entries()) {
      const serviceSec = asked.map((index) => expectedComputeSec(task, edgeServers[index]!));
      const completionSec = asked.map((index, at) => {
        const es = edgeServers[index]!;
        // A transfer overlaps the queue; an ES that does not answer is as late as can be.
        if (!es.isReachable) return Infinity;
        return Math.max(backlogSec[at]!, task.inputBits / (es.linkMbps * 1e6)) + serviceSec[at]!;
      });
      const seen = { qualitySteps: task.qualitySteps, backlogSec, serviceSec, completionSec };
      const chosen = this.#decide(seen, { asked, choices, place: Math.min(task.place ?? place, MAX_LATENTS - 1) }, random);
      backlogSec[chosen]! += serviceSec[chosen]!;
      yield { taskId: task.id, edgeServerIndex: asked[chosen]! };
    }
  }

  #decide(
    seen: Parameters<typeof writeServerState>[2],
    { asked, choices, place }: { asked: readonly number[]; choices: readonly number[]; place: number },
    random: RandomSource,
  ): number {
    const { learning, onDecision } = this.#options;
    const { network, state } = this.#deciderFor(asked.length);
    writeServerState(state, this.#rules, seen);
    const latents = network.takesLatents ? this.#latentsOf(place, asked.length) : null;
    const probabilities = network.decide(state, { latents: latents ?? undefined, noise: learning?.noise });
    const chosen = learning ? drawFrom(probabilities, random, learning.explorationRate ?? 0) : mostProbableAmong(choices, probabilities);
    onDecision?.({ state, latents, asked, probabilities, chosen });
    if (latents !== null) this.#latents[place] = probabilities.slice();
    return chosen;
  }

  #deciderFor(servers: number): { network: NetworkDecider; state: Float64Array } {
    const known = this.#deciders.get(servers);
    if (known) return known;
    const stateSize = serverStateLength(servers);
    const network = createNetworkDecider({ ...this.#options.form, servers, stateSize });
    network.setParameters(this.#parameters);
    const made = { network, state: new Float64Array(stateSize) };
    this.#deciders.set(servers, made);
    return made;
  }

  /** What was last decided for the place, X_b[n]; even at first, and where another number of servers answered then. */
  #latentsOf(place: number, servers: number): Float64Array {
    const kept = this.#latents[place];
    return kept?.length === servers ? kept : new Float64Array(servers).fill(1 / servers);
  }
}

function drawFrom(probabilities: Float64Array, random: RandomSource, explorationRate: number): number {
  if (explorationRate > 0 && random.nextFloat() < explorationRate) return random.nextInt(0, probabilities.length - 1);
  let left = random.nextFloat();
  for (let server = 0; server < probabilities.length - 1; server++) {
    left -= probabilities[server]!;
    if (left < 0) return server;
  }
  return probabilities.length - 1;
}

/** In the order of servers that starts with the station's own. */
function inOrderFrom(selfIndex: number, choices: readonly { server: number; choice: number }[]): number[] {
  const isAfter = ({ server }: { server: number }): boolean => server >= selfIndex;
  return [...choices.filter(isAfter), ...choices.filter((each) => !isAfter(each))].map(({ choice }) => choice);
}
