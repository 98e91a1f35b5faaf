// What the path is told from, step by step further on.
import type { LabPath, PathStep, PathStepName } from '../../src/shared/lab-path.js';
import { NO_DEVICE_FACTS } from '../../src/shared/device-facts.js';
import type { NodeSituation, Situation } from '../../src/main/domain/path/situation.js';
import type { Dataset } from '../../src/shared/dataset.js';
import type { Job } from '../../src/shared/job.js';
import type { Model } from '../../src/shared/model.js';
import type { NodeWorker } from '../../src/shared/node-worker-schema.js';
import type { ProvisionStep, ProvisionStepName } from '../../src/shared/provisioning.js';
import type { RunSummary } from '../../src/shared/run.js';
import type { NodeFacts, TestbedNode } from '../../src/shared/testbed.js';
import { buildNode, buildSpec, buildTestbed } from './storage-fixtures.js';

export const NOW_MS = 1_800_000_000_000;
export const HOUR_MS = 3_600_000;

/** An AGX Orin at MAXN, read an hour ago. */
export const ORIN_FACTS: NodeFacts = {
  ...NO_DEVICE_FACTS,
  hostname: 'orin-1',
  operatingSystem: 'Ubuntu 22.04.5 LTS',
  kernel: null,
  architecture: 'aarch64',
  deviceModel: 'NVIDIA Jetson AGX Orin Developer Kit',
  l4tVersion: '36.5.0',
  jetpack: '6.2.2',
  module: 'p3701-0005 (AGX Orin 64 GB)',
  soc: 'tegra234',
  powerMode: 'MAXN',
  cpuCount: 12,
  memoryTotalBytes: 64e9,
  memoryAvailableBytes: 60e9,
  diskFreeBytes: 4e10,
  nodeVersion: null,
  readAtMs: NOW_MS - HOUR_MS,
};

const ORIN: Partial<TestbedNode> = { kind: 'ssh', virtual: null, host: '192.168.1.11', port: 22, testbedId: 'testbed-1' };

export function buildOrin(name: string, change: Partial<TestbedNode> = {}): TestbedNode {
  return buildNode({ ...ORIN, id: `node-${name}`, name, ...change });
}

export function situate(node: TestbedNode, change: Partial<Omit<NodeSituation, 'node'>> = {}): NodeSituation {
  const desired = { worker: 'simulated', modelId: null, service: 'auto' } as const;
  return { node, desired, hostKeyAtMs: null, question: null, check: null, provision: null, ...change };
}

export function buildSituation(change: Partial<Situation> = {}): Situation {
  const nodes = change.nodes ?? [];
  const testbed = buildTestbed({ kind: 'real', timeScale: 1, nodes: nodes.map(({ node }) => node) });
  return {
    nowMs: NOW_MS,
    testbeds: [testbed],
    testbed,
    nodes,
    models: [],
    wheels: [],
    datasets: [],
    runs: [],
    pushes: [],
    openJobs: [],
    measuredRows: [],
    paperSec: new Map([[100, 382.4]]),
    ...change,
  };
}

export function buildModel(change: Partial<Model> = {}): Model {
  return {
    id: 'model-1',
    name: 'sd3m',
    path: '/models/sd3m.safetensors',
    isPresent: true,
    addedAtMs: 1,
    lastRead: null,
    license: { name: 'Stability AI Community License', url: 'https://example.org', acceptedAtMs: NOW_MS },
    refinedFromSha256: null,
    layout: 'all-in-one',
    family: 'sd3-medium',
    parts: [{ name: 'transformer', tensorCount: 1, sizeBytes: 1, dtypes: ['F16'] }],
    files: [],
    leftOut: [],
    sizeBytes: 5_973_224_240,
    sha256: 'a'.repeat(64),
    ...change,
  };
}

export const T5_PART = { name: 't5', tensorCount: 1, sizeBytes: 1, dtypes: ['F16'] } as unknown as Model['parts'][number];

export function buildDataset(change: Partial<Dataset> = {}): Dataset {
  return { id: 'dataset-1', name: 'Flickr8k', promptCount: 40_460, createdAtMs: 1, ...change } as Dataset;
}

export function buildOpenJob(kind: Job['kind'], subjectId: string | null): Job {
  return { id: 'job-1', kind, title: 'Work', subject: { kind: 'testbed', id: subjectId, name: 'Lab' }, state: 'running' } as Job;
}

export function buildStep(name: ProvisionStepName, change: Partial<ProvisionStep> = {}): ProvisionStep {
  return { name, state: 'changed', detail: null, startedAtMs: 1, finishedAtMs: NOW_MS - 2 * HOUR_MS, error: null, ...change };
}

/** A run that is valid and real unless it is changed. */
export function buildSummary(taskCount: number, change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: `run-${taskCount}`,
    spec: buildSpec({ name: `Batch of ${taskCount}`, taskCount }),
    state: 'succeeded',
    isSimulated: false,
    createdAtMs: 1,
    finishedAtMs: NOW_MS - HOUR_MS,
    counts: { total: taskCount, pending: 0, sent: 0, succeeded: taskCount, failed: 0, cancelled: 0, resent: 0 },
    metrics: { totalGenerationDelayMs: 400_000 },
    validity: { isValid: true, reasons: [], limitations: [] },
    ...change,
  } as RunSummary;
}

export const REAL_WORKER = { device: 'cuda', deviceName: 'Orin', modelSha256: 'a'.repeat(64) } as NodeWorker;

export function stepOf(path: LabPath, name: PathStepName): PathStep {
  return path.steps.find((step) => step.name === name)!;
}
