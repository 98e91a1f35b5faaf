// Chooses the worker that the configuration names.
import { type AgentConfig } from '../../shared/agent-config.js';
import type { AgentLog } from '../log.js';
import type { ScaledClock } from '../scaled-clock.js';
import { DiffusersWorker } from './diffusers-worker.js';
import { createSimulatedWorker } from './simulated-worker.js';
import type { Worker } from './worker.js';

export interface CreateWorkerOptions {
  baseDir: string;
  pathOfPicture: (sha256: string) => string | null;
  clock: ScaledClock;
  log: AgentLog;
}

/** `baseDir`: the folder that paths of the configuration are relative to. The caller closes the worker. */
export function createWorker(config: AgentConfig['worker'], options: CreateWorkerOptions): Worker {
  switch (config.kind) {
    case 'simulated':
      return createSimulatedWorker(config, options.clock);
    case 'diffusers':
      return new DiffusersWorker({ config, ...options });
  }
}
