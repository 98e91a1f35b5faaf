// Measures images on one node through its agent.
import type { CalibrationSample } from '../../../../shared/calibration.js';
import { AppError } from '../../../../shared/errors.js';
import type { AgentClient } from '../../../adapters/agents/agent-client.js';

/** The least and the most that the paper's workload asks for are 10 and 19; farther apart the line is steadier, and the few-step images are quick. */
const STEP_COUNTS = [5, 20] as const;
const PROMPT = 'A brown dog runs along a beach at low tide';

export interface MeasureNodeOptions {
  nodeName: string;
  client: Pick<AgentClient, 'describe' | 'probe'>;
  imagesPerCount: number;
  signal: AbortSignal;
  onSample: (sample: CalibrationSample) => void;
}

/** How many images `measureNode` reports. */
export function sampleCount(imagesPerCount: number): number {
  return imagesPerCount * STEP_COUNTS.length;
}

/** The two step counts in turn, so that a device that gets warm is no slower for one of them. Throws `unsupported` for a simulated worker. */
export async function measureNode({ nodeName, client, imagesPerCount, signal, onSample }: MeasureNodeOptions): Promise<void> {
  const { workerKind } = await client.describe(signal);
  if (workerKind === 'simulated') {
    throw new AppError(
      'unsupported',
      `The worker of node "${nodeName}" is simulated: measuring it would give back what was put in.`,
      'Provision the node with the worker resd3-m and a model first.',
    );
  }
  // The first image of a device loads what no other does.
  await client.probe({ prompt: PROMPT, seed: 0, qualitySteps: 1 }, signal);
  for (let index = 0; index < imagesPerCount; index++) {
    for (const qualitySteps of STEP_COUNTS) {
      const { computeMs } = await client.probe({ prompt: PROMPT, seed: index + 1, qualitySteps }, signal);
      onSample({ qualitySteps, computeSec: computeMs / 1000 });
    }
  }
}
