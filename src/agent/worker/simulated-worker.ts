// Stands in for an image model on a virtual node: takes the time that the node's time model says and draws a marked picture.
import { setImmediate as nextTurn } from 'node:timers/promises';

import { createRandom, deriveSeed } from '../../random/random.js';
import { computedSteps } from '../../shared/service.js';
import { computeSec, type TimeModel } from '../../shared/testbed.js';
import type { ScaledClock } from '../scaled-clock.js';
import { drawSimulatedPicture } from './simulated-picture.js';
import type { GenerateOptions, GeneratedImage, GenerationTask, Worker } from './worker.js';

/** Real milliseconds between two reports of steps at most; scaled time would otherwise wake the process without end. */
const MIN_STEP_REPORT_MS = 25;

/**
 * Real milliseconds that the end of a computation may be noticed late without counting: a busy host costs some, and
 * scaled time would multiply them. Whatever is later than that counts in full.
 */
const MAX_TIMER_LATENESS_MS = 200;

export interface SimulatedWorkerSettings {
  timeModel: TimeModel;
  speedFactor: number;
  /** Relative spread of the compute time, 0..0.5; drawn from the task's seed. */
  jitterFraction: number;
}

export function createSimulatedWorker(settings: SimulatedWorkerSettings, clock: ScaledClock): Worker {
  const { timeModel, speedFactor, jitterFraction } = settings;
  return {
    kind: 'simulated',
    fixedSec: timeModel.fixedSec / speedFactor,
    secPerStep: timeModel.secPerStep / speedFactor,
    expect: () => undefined,
    problem: () => null,
    figures: () => null,
    async generate(task: GenerationTask, { startMs, signal, onStep }: GenerateOptions): Promise<GeneratedImage> {
      const spread = 1 + jitterFraction * (2 * createRandom(deriveSeed(task.seed, 'compute')).nextFloat() - 1);
      const steps = computedSteps(task.qualitySteps, task.picture ? (task.strength ?? 1) : null);
      const durationMs = computeSec(timeModel, steps, speedFactor) * 1000 * spread;
      const stepMs = (timeModel.secPerStep / speedFactor) * 1000 * spread;
      // Drawn while the time passes, so that drawing never lengthens it as long as the scaled duration exceeds some 10 ms.
      const drawing = nextTurn().then(() => drawSimulatedPicture(task));
      // A canceled task leaves the drawing behind; its failure then concerns no one.
      drawing.catch(() => undefined);
      const endMs = startMs + durationMs;
      let stepsDone = 0;
      while (stepsDone < steps) {
        const tickMs = Math.max(stepMs, MIN_STEP_REPORT_MS * clock.timeScale);
        await clock.waitUntil(Math.min(endMs, clock.nowMs() + tickMs), signal);
        const left = stepMs > 0 ? Math.ceil((endMs - clock.nowMs()) / stepMs) : 0;
        const done = Math.min(steps, steps - left);
        if (done > stepsDone) onStep((stepsDone = done));
      }
      // Without a time per step the loop ends at once; the end itself is always exact.
      await clock.waitUntil(endMs, signal);
      const bytes = await drawing;
      const lateMs = clock.nowMs() - endMs;
      // The device would have been done at endMs to the dot; that this process woke up a little late is no part of the model.
      const isTimerLate = lateMs <= MAX_TIMER_LATENESS_MS * clock.timeScale;
      return {
        endMs: isTimerLate ? endMs : endMs + lateMs,
        bytes,
        widthPx: task.widthPx,
        heightPx: task.heightPx,
        mediaType: 'image/png',
        isSimulated: true,
        computedSteps: steps,
        timings: null,
      };
    },
    close: () => Promise.resolve(),
  };
}
