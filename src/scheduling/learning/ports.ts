// The names by which the graphs of the learning are fed, in groups: a name that is not here is a type error where graphs are built and fed,
// and an error that names it where a graph comes back from a runtime. An unknown name is never filled with noise.

import { countElements } from '../graph/graph.js';
import type { GraphRunner } from './graph-runner.js';

/** A batch of K transitions of each agent, [agents, numbers, K]; see replay-buffer.ts. */
export const BATCH_PORTS = ['states', 'latents', 'actions', 'rewards', 'nextStates', 'next_latents', 'notDone'] as const;

/** Of an actor, standard normal, drawn again for each run: the noise of its chain (Eq. 10), and D2SAC-TS's start of it. */
export const NOISE_PORTS = ['noise', 'gaussianStart'] as const;
export type NoisePort = (typeof NOISE_PORTS)[number];

/** An update runs its actor twice: on the states, and on the next states. */
export const UPDATE_NOISE_PORTS = ['noise', 'gaussianStart', 'next_noise', 'next_gaussianStart'] as const;

/** What an actor may ask for besides observations; see actor.ts. */
export type ActorPort = 'latents' | NoisePort;

/** Inputs of an update, besides the state of its method. */
export type UpdatePort = 'biasCorrections' | (typeof BATCH_PORTS)[number] | (typeof UPDATE_NOISE_PORTS)[number];

/** Inputs of a policy's graph; `actor` only where the parameters are not written into it. */
export type PolicyPort = 'actor' | 'states' | ActorPort;

export interface Port<Name extends string> {
  name: Name;
  /** Numbers that it takes. */
  length: number;
}

type Groups = Readonly<Record<string, readonly string[]>>;

/** The ports of each group that a graph has, in the graph's own order. */
export type SortedPorts<G extends Groups> = { readonly [Group in keyof G]: readonly Port<G[Group][number]>[] };

export interface PortRules<G extends Groups> {
  /** In errors: which graph it is. */
  graph: string;
  groups: G;
  /** Those of the names that the graph may lack. */
  optional?: readonly G[keyof G][number][];
}

/** @throws Error for an input of the graph that belongs to no group, and for a name that the graph lacks */
export function sortPorts<const G extends Groups>(inputShapes: GraphRunner['inputShapes'], rules: PortRules<G>): SortedPorts<G> {
  const { graph, groups, optional = [] } = rules;
  const known = new Set<string>(Object.values(groups).flat());
  const unknown = Object.keys(inputShapes).find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`The ${graph} takes an input that is no port: ${unknown}. Ports: ${describeGroups(groups)}.`);
  const free = new Set<string>(optional);
  const missing = [...known].find((name) => inputShapes[name] === undefined && !free.has(name));
  if (missing !== undefined) throw new Error(`The ${graph} lacks the input ${missing}. It takes: ${Object.keys(inputShapes).join(', ')}.`);
  const portsOf = (names: readonly string[]) =>
    Object.entries(inputShapes).flatMap(([name, shape]) => (names.includes(name) ? [{ name, length: countElements(shape) }] : []));
  return Object.fromEntries(Object.entries(groups).map(([group, names]) => [group, portsOf(names)])) as unknown as SortedPorts<G>;
}

/** In errors. */
export const POLICY_GRAPH = 'graph of the policy';

/**
 * The ports of a graph of buildPolicyGraph.
 * @param parameters whether they are an input, or written into the graph
 */
export function sortPolicyPorts(inputShapes: GraphRunner['inputShapes'], parameters: 'fed' | 'inside') {
  return sortPorts(inputShapes, {
    graph: POLICY_GRAPH,
    groups: { parameters: ['actor'], observation: ['states'], latents: ['latents'], noise: NOISE_PORTS },
    optional: ['latents', ...NOISE_PORTS, ...(parameters === 'inside' ? (['actor'] as const) : [])],
  });
}

/** @throws Error naming the output where the graph did not give it */
export function takeOutput(outputs: Readonly<Record<string, Float32Array>>, name: string, graph: string): Float32Array {
  const output = outputs[name];
  if (output === undefined) throw new Error(`The ${graph} gives no output ${name}. It gives: ${Object.keys(outputs).join(', ')}.`);
  return output;
}

function describeGroups(groups: Groups): string {
  return Object.entries(groups)
    .map(([group, names]) => `${group} (${names.join(', ')})`)
    .join(', ');
}
