// Whether a node can carry what is to be installed, by its facts; pure.
import type { StepFinding } from '../../../../shared/provisioning.js';
import { describeNodeClock, isClockFarOff } from '../../../../shared/node-clock.js';
import { fitMemory, type FitQuestion } from '../../../../shared/model-need.js';
import { hasT5 } from '../../../../shared/model-variant.js';
import type { NodeFacts } from '../../../../shared/testbed.js';
import { runtimePlatformOf } from './runtime-platform.js';
import { majorVersion } from '../facts/parse-facts.js';
import { blocked, nothingToDo } from './provision-step.js';

/** Oldest Node.js that runs the agent's bundle, which is built for it (vite.agent.config.ts). */
export const OLDEST_NODE_MAJOR = 22;

/** Node.js unpacked (127 MB), its copy on the way, the agent, and room for results that wait to be fetched. */
const MIN_DISK_BYTES = 500e6;
/** Where a fitting Node.js is there already. */
const MIN_DISK_WITH_NODE_BYTES = 150e6;
/** The agent takes about 100 MB; the rest keeps the node itself alive. */
const MIN_MEMORY_BYTES = 256e6;
/** Certificates are valid from a day before they are made: a clock that is further behind refuses them. Half of it is left for both clocks. */
const MAX_CLOCK_OFFSET_MS = 12 * 3_600_000;

const SET_CLOCK_REMEDY =
  'by “Set clocks” in the window’s plan, npm run cli -- provision TESTBED --set-clock, or timedatectl set-ntp true there where it has a time server';

const RUN_WITHOUT_T5 =
  'Push and provision the refined model (reSD3-m) there instead: npm run cli -- model strip makes it. Or take a node with more memory.';

export interface FitOptions {
  facts: NodeFacts;
  /** Weights that the worker is to load; null for none. */
  model: (FitQuestion['model'] & Pick<FitQuestion, 'measuredBytes' | 'isLoaded'>) | null;
  /** Its clock is set before anything else: then it stops nothing. */
  isClockToBeSet?: boolean;
}

/** The first thing that does not fit, or what was compared. What a node does not report is no reason to stop. */
export function checkFit({ facts, model, isClockToBeSet = false }: FitOptions): StepFinding {
  const hasNode = hasFittingNode(facts.nodeVersion);
  if (runtimePlatformOf(facts) === null && !hasNode) {
    return blocked(
      `its architecture ${facts.architecture ?? '(unknown)'} is none that this program has Node.js for.`,
      `Install Node.js ${OLDEST_NODE_MAJOR} or newer there, so that "node --version" works in an SSH session.`,
    );
  }
  const minDisk = hasNode ? MIN_DISK_WITH_NODE_BYTES : MIN_DISK_BYTES;
  if (facts.diskFreeBytes !== null && facts.diskFreeBytes < minDisk) {
    return blocked(
      `its home folder has ${megabytes(facts.diskFreeBytes)} free, and ${megabytes(minDisk)} are needed.`,
      "Free space on the disk of the node's home folder.",
    );
  }
  const fit = model && fitMemory({ model, facts, measuredBytes: model.measuredBytes ?? null, isLoaded: model.isLoaded ?? false });
  // Of the smaller variant only the weights are certain: a node that is short of the rest may manage with smaller images.
  if (model && hasT5(model) && fit?.verdict === 'too-little') return blocked(`the model ${fit.text}`, RUN_WITHOUT_T5);
  const minMemory = MIN_MEMORY_BYTES + (model && !model.isLoaded ? model.sizeBytes : 0);
  if (facts.memoryAvailableBytes !== null && facts.memoryAvailableBytes < minMemory) {
    return blocked(
      `it has ${megabytes(facts.memoryAvailableBytes)} of memory available, and ${megabytes(minMemory)} are needed${model === null ? '' : ' with the weights of the model'}.`,
      'End other programs there; a desktop that no one looks at takes about 800 MB (systemctl set-default multi-user.target).',
    );
  }
  if (!isClockToBeSet && facts.clockOffsetMs !== null && Math.abs(facts.clockOffsetMs) - (facts.clockErrorMs ?? 0) > MAX_CLOCK_OFFSET_MS) {
    return blocked(
      `its clock is ${describeNodeClock(facts)}, and certificates would not be valid there.`,
      `Set the clock of the node: ${SET_CLOCK_REMEDY}.`,
    );
  }
  const remark = fit && (fit.verdict !== 'fits' || hasT5(model)) ? ` The model ${fit.text}` : '';
  return nothingToDo(`${summarize(facts, isClockToBeSet)}${remark}`);
}

export function hasFittingNode(version: string | null): boolean {
  const major = majorVersion(version);
  return major !== null && major >= OLDEST_NODE_MAJOR;
}

/** What was compared, what could not be, and what does not stop an apply but wants a word. */
function summarize(facts: NodeFacts, isClockToBeSet: boolean): string {
  const compared = [
    ...(facts.architecture === null ? [] : [facts.architecture]),
    ...(facts.diskFreeBytes === null ? [] : [`${megabytes(facts.diskFreeBytes)} of disk free`]),
    ...(facts.memoryAvailableBytes === null ? [] : [`${megabytes(facts.memoryAvailableBytes)} of memory free`]),
  ];
  const unknown = [
    ...(facts.architecture === null ? ['its architecture'] : []),
    ...(facts.diskFreeBytes === null ? ['the free space of its disk'] : []),
    ...(facts.memoryAvailableBytes === null ? ['its free memory'] : []),
    ...(facts.clockOffsetMs === null ? ['its clock'] : []),
  ];
  return [
    ...(compared.length > 0 ? [`${compared.join(', ')}: enough.`] : []),
    ...(unknown.length > 0 ? [`Not reported, and so not compared: ${unknown.join(', ')}.`] : []),
    ...(facts.clockOffsetMs === null ? [] : [describeClock(facts, isClockToBeSet)]),
  ].join(' ');
}

function describeClock(facts: NodeFacts, isToBeSet: boolean): string {
  const clock = `Its clock is ${describeNodeClock(facts)}`;
  return isClockFarOff(facts) && !isToBeSet ? `${clock}: set it, ${SET_CLOCK_REMEDY}.` : `${clock}.`;
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
