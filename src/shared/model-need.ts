// How much memory a model takes on a node, and whether the node has it: measured there, else computed from its parts. Pure.
import { formatBytes } from './format.js';
import type { MemoryComparison } from './model-memory.js';
import type { Model } from './model.js';
import { hasT5 } from './model-variant.js';
import type { NodeFacts, TestbedNode } from './testbed.js';

/** Bytes of one number as safetensors names its type. */
const BYTES_BY_DTYPE: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
};

/**
 * What SD3 medium takes beside its weights, bytes: 18.765 GB that Hugging Face measured for the whole pipeline in float16 at 1024x1024 on an A100
 * (huggingface.co/blog/sd3), less the 15.76 GB of its weights.
 */
const WORKING_BYTES = 3_000_000_000;

interface MemoryNeed {
  bytes: number;
  /** Of it, the weights in the number type that they are loaded in; null where it was measured. */
  weightsBytes: number | null;
  source: 'measured' | 'computed';
}

type NeededModel = Pick<Model, 'family' | 'parts' | 'sizeBytes'>;

/** Bytes of one number of the loaded weights: float16 where torch computes on a GPU, float32 on a processor (the worker's choice `auto`). */
function loadedBytes({ torchCuda, soc, gpuName }: Pick<NodeFacts, 'torchCuda' | 'soc' | 'gpuName'>): 2 | 4 {
  if (torchCuda !== null) return torchCuda === 'works' ? 2 : 4;
  return isUnified({ soc }) || gpuName !== null ? 2 : 4;
}

/** On a Jetson processor and GPU share one memory. */
function isUnified({ soc }: Pick<NodeFacts, 'soc'>): boolean {
  return soc?.startsWith('tegra') === true;
}

/** `measuredBytes`: what the same model took on this node, as `model memory` measured; null where it did not. */
function memoryNeed(
  model: NeededModel,
  facts: Pick<NodeFacts, 'torchCuda' | 'soc' | 'gpuName'>,
  measuredBytes: number | null = null,
): MemoryNeed {
  if (measuredBytes !== null) return { bytes: measuredBytes, weightsBytes: null, source: 'measured' };
  const each = loadedBytes(facts);
  const weightsBytes = model.parts.reduce(
    (sum, { sizeBytes, dtypes }) => sum + (sizeBytes / (BYTES_BY_DTYPE[dtypes[0] ?? ''] ?? 2)) * each,
    0,
  );
  // A small model for trials works with next to nothing.
  return { bytes: weightsBytes + (model.family === 'sd3-medium' ? WORKING_BYTES : 0), weightsBytes, source: 'computed' };
}

/** The newest measurement of a model on a node; null where there is none. */
export function measuredBytes(comparisons: readonly MemoryComparison[], nodeId: string, modelId: string): number | null {
  const newest = comparisons
    .filter((one) => one.nodeId === nodeId && (one.original.modelId === modelId || one.refined.modelId === modelId))
    .toSorted((a, b) => b.measuredAtMs - a.measuredAtMs)[0];
  if (!newest) return null;
  return (newest.original.modelId === modelId ? newest.original : newest.refined).takenBytes;
}

interface MemoryFit {
  /** `too-little`: all of the node's memory is not enough. `tight`: what is free is not. `unknown`: the node does not report its memory. */
  verdict: 'fits' | 'tight' | 'too-little' | 'unknown';
  /** A sentence with the figures and where they come from. */
  text: string;
}

export interface FitQuestion {
  model: NeededModel & Pick<Model, 'name'>;
  facts: Pick<NodeFacts, 'torchCuda' | 'soc' | 'gpuName' | 'memoryTotalBytes' | 'memoryAvailableBytes'>;
  measuredBytes?: number | null;
  /** Its worker has the model in memory now, so that what is free says nothing about it. */
  isLoaded?: boolean;
}

export function fitMemory({ model, facts, measuredBytes: measured = null, isLoaded = false }: FitQuestion): MemoryFit {
  const need = memoryNeed(model, facts, measured);
  const { memoryTotalBytes: total, memoryAvailableBytes: free } = facts;
  const needs = `“${model.name}” needs about ${formatBytes(need.bytes)} of memory there (${describeSource(need, facts)})`;
  if (total === null) return { verdict: 'unknown', text: `${needs}; the node does not report how much it has.` };
  const which = isUnified(facts) ? ', which its GPU shares' : '';
  const remedy = hasT5(model) ? ' Without T5-XXL it needs less: refine it to reSD3-m (in the terminal: model strip).' : '';
  if (need.bytes > total)
    return { verdict: 'too-little', text: `${needs}, and the node has ${formatBytes(total)} in all${which}.${remedy}` };
  if (!isLoaded && free !== null && need.bytes > free) {
    return {
      verdict: 'tight',
      text: `${needs}; the node has ${formatBytes(total)}${which}, of which ${formatBytes(free)} are free now.${remedy}`,
    };
  }
  return { verdict: 'fits', text: `${needs}, and the node has ${formatBytes(total)}${which}.` };
}

function describeSource(need: MemoryNeed, facts: Parameters<typeof memoryNeed>[1]): string {
  if (need.weightsBytes === null) return 'measured on this node';
  const type = loadedBytes(facts) === 2 ? 'float16' : 'float32, for the processor';
  const working = need.bytes - need.weightsBytes;
  const rest = working > 0 ? ` and ${formatBytes(working)} to work with, by Hugging Face's measurement on an A100` : '';
  return `computed: ${formatBytes(need.weightsBytes)} of weights in ${type}${rest}`;
}

/** Of real nodes with known facts: those that lack memory for the model, each with the sentence that says so. */
export function shortOfMemory(
  model: NeededModel & Pick<Model, 'id' | 'name'>,
  nodes: readonly Pick<TestbedNode, 'id' | 'name' | 'facts' | 'virtual' | 'worker'>[],
  comparisons: readonly MemoryComparison[],
): { nodeId: string; nodeName: string; verdict: MemoryFit['verdict']; text: string }[] {
  return nodes.flatMap(({ id, name, facts, virtual, worker }) => {
    if (facts === null || virtual !== null) return [];
    // Weights beside others: what its worker has loaded now is given back when it loads these.
    const isLoaded = worker !== null;
    const fit = fitMemory({ model, facts, measuredBytes: measuredBytes(comparisons, id, model.id), isLoaded });
    return fit.verdict === 'too-little' || fit.verdict === 'tight' ? [{ nodeId: id, nodeName: name, ...fit }] : [];
  });
}
