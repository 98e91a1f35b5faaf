// What a run, series, training or study is made in: at its start, to be kept with it; and now, to be compared with what was kept. One
// description for both, so that what differs is what has changed.
import { createHash } from 'node:crypto';
import type { Dataset } from '../../../shared/dataset.js';
import type { Environment, NodeEnvironment } from '../../../shared/record.js';
import type { RunSpec } from '../../../shared/run.js';
import type { SeriesSpec } from '../../../shared/series.js';
import type { NodeFacts, Testbed, TestbedNode } from '../../../shared/testbed.js';
import { canonicalJson } from '../../foundation/canonical-json.js';
import type { BuildFacts } from '../../foundation/build-facts.js';
import { snapshotNodes } from '../runs/bound-of-run.js';
import type { NodeSnapshot } from '../runs/run-store.js';

export interface EnvironmentSources {
  programVersion: string;
  build: BuildFacts;
  /** Null where there is none any more; so are the next two. */
  findTestbed(id: string): Testbed | null;
  findDataset(id: string): Dataset | null;
  /** Of a training: how many episodes its checkpoint has. */
  findEpisodes(trainingId: string): number | null;
  isSimulated(node: TestbedNode): boolean;
}

/** SHA-256 (hex) of anything as JSON has it, its keys in a fixed order: a field that is undefined is none. */
export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(value))))
    .digest('hex');
}

/** Of the policies that the agents are given, in the order of the nodes; null of none. */
export function hashPolicies(policies: readonly string[]): string | null {
  if (policies.length === 0) return null;
  const hash = createHash('sha256');
  for (const policy of new Set(policies)) hash.update(policy).update('\n');
  return hash.digest('hex');
}

type Part = Pick<Environment, 'specSha256' | 'seeds'> & Partial<Pick<Environment, 'testbed' | 'nodes' | 'dataset' | 'policies'>>;

export class EnvironmentDescriber {
  readonly #sources: EnvironmentSources;

  constructor(sources: EnvironmentSources) {
    this.#sources = sources;
  }

  /** @param policySha256 of the policies that the agents are given, where it is known */
  ofRun(spec: RunSpec, specSha256: string, policySha256: string | null): Environment {
    return this.#with({
      ...{ specSha256, seeds: [spec.seed] },
      ...this.#testbed(spec.testbedId),
      dataset: this.#dataset(spec.datasetId),
      policies: spec.trainingId === undefined ? [] : [this.#policy(spec.trainingId, policySha256)],
    });
  }

  ofSeries(spec: SeriesSpec): Environment {
    const trainingIds = spec.schedulers.flatMap(({ trainingId }) => (trainingId === undefined ? [] : [trainingId]));
    return this.#with({
      specSha256: hashOf(spec),
      seeds: Array.from({ length: spec.repetitions }, (_, index) => spec.seed + index),
      ...this.#testbed(spec.testbedId),
      dataset: this.#dataset(spec.datasetId),
      // Each run of it has the hash of what its agents were given.
      policies: [...new Set(trainingIds)].map((trainingId) => this.#policy(trainingId, null)),
    });
  }

  /** What a testbed was at the start of a digital twin is in the specification. */
  ofComputation(spec: object, seeds: number[]): Environment {
    return this.#with({ specSha256: hashOf(spec), seeds });
  }

  #with(part: Part): Environment {
    const { programVersion, build } = this.#sources;
    return {
      program: { version: programVersion, ...build },
      controlCenter: {
        nodeVersion: process.version,
        electronVersion: process.versions['electron'] ?? null,
        platform: `${process.platform} ${process.arch}`,
      },
      ...{ testbed: null, nodes: [], dataset: null, policies: [] },
      ...part,
    };
  }

  #testbed(id: string): Pick<Environment, 'testbed' | 'nodes'> {
    const testbed = this.#sources.findTestbed(id);
    if (!testbed) return { testbed: null, nodes: [] };
    return {
      testbed: { id, name: testbed.name, timeScale: testbed.timeScale, ...excludedAmong(testbed.nodes.flatMap(nameIfExcluded)) },
      nodes: snapshotNodes(testbed, (node) => this.#sources.isSimulated(node)).map(toNodeEnvironment),
    };
  }

  #dataset(id: string): Environment['dataset'] {
    const dataset = this.#sources.findDataset(id);
    return dataset && { id, name: dataset.name, sha256: dataset.sha256, promptCount: dataset.promptCount };
  }

  #policy(trainingId: string, sha256: string | null): Environment['policies'][number] {
    return { trainingId, episodes: this.#sources.findEpisodes(trainingId), sha256 };
  }
}

/** A node of a run as its environment tells it. */
export function toNodeEnvironment(node: NodeSnapshot): NodeEnvironment {
  // Facts are JSON that a former version may have written otherwise.
  const facts = (node.facts ?? {}) as Partial<NodeFacts>;
  const { worker, fixedSec, secPerStep, speedFactor } = node;
  return {
    id: node.id,
    name: node.name,
    deviceModel: facts.deviceModel ?? null,
    jetpack: facts.jetpack ?? null,
    powerMode: facts.powerMode ?? null,
    agentVersion: node.agentVersion,
    worker: worker ? `${worker.deviceName} (${worker.device}, ${worker.dtype})` : 'simulated',
    torchVersion: worker?.torchVersion ?? facts.torchVersion ?? null,
    modelSha256: worker?.modelSha256 ?? null,
    timing: { source: node.timingSource, fixedSec, secPerStep, speedFactor },
    linkMbps: node.linkMbps,
    ...(node.heldLimit != null && { heldLimit: node.heldLimit }),
  };
}

/** What an environment says of its testbed where names are left out. */
export function excludedAmong(names: readonly string[]): { excludedNodes?: string[] } {
  return names.length === 0 ? {} : { excludedNodes: [...names] };
}

function nameIfExcluded({ name, isExcluded }: TestbedNode): string[] {
  return isExcluded === true ? [name] : [];
}
