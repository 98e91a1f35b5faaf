// What is in progress in the program, and how each of it is ended.
import { setTimeout as delay } from 'node:timers/promises';
import type { Activity, SettleHow, Settled } from '../../../shared/activity.js';
import type { JobEngine } from '../jobs/job-engine.js';
import type { RunService } from '../runs/run-service.js';
import { listActivity } from './activity.js';
import { settle } from './settle.js';

export interface BusyServices {
  runs: Pick<RunService, 'listOpen' | 'pause' | 'stopNow' | 'standstill'>;
  jobs: Pick<JobEngine, 'list' | 'stop'>;
}

export class RunningActivities {
  readonly #services: BusyServices;

  constructor(services: BusyServices) {
    this.#services = services;
  }

  list(): Activity[] {
    const { runs, jobs } = this.#services;
    return listActivity({ runs: runs.listOpen(), jobs: jobs.list({ isOpen: true }) });
  }

  settle(how: SettleHow, limitMs: number): Promise<Settled> {
    const options = {
      list: () => this.list(),
      end: (activity: Activity, wish: SettleHow, signal: AbortSignal) => this.#end(activity, wish, signal),
      timeIsUp: (timeMs: number, signal: AbortSignal) => delay(timeMs, undefined, { signal }),
    };
    return settle(options, how, limitMs);
  }

  async #end({ kind, id }: Activity, how: SettleHow, signal: AbortSignal): Promise<void> {
    const { runs, jobs } = this.#services;
    if (kind !== 'run') return jobs.stop(id, how === 'pause' ? 'pause' : 'cancel');
    if (how === 'stop') {
      await runs.stopNow(id);
      return;
    }
    await runs.pause(id);
    await runs.standstill(id, signal);
  }
}
