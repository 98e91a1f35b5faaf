// What goes on in the services of the program, and how each of it is ended.
import { setTimeout as delay } from 'node:timers/promises';
import type { Activity, SettleHow, Settled } from '../../../shared/activity.js';
import type { CalibrationService } from '../nodes/calibration/calibration-service.js';
import type { ModelService } from '../models/model-service.js';
import type { ModelPushService } from '../models/push/model-push-service.js';
import type { ProvisioningService } from '../nodes/provisioning/provisioning-service.js';
import type { StudyService } from '../simulation/studies/study-service.js';
import type { TrainingService } from '../simulation/training/training-service.js';
import type { RunService } from '../runs/run-service.js';
import { listActivity } from './activity.js';
import { settle } from './settle.js';

export interface BusyServices {
  runs: Pick<RunService, 'listOpen' | 'pause' | 'stopNow' | 'standstill'>;
  trainings: Pick<TrainingService, 'listOpen' | 'pause' | 'cancel'>;
  studies: Pick<StudyService, 'listOpen' | 'pause'>;
  provisioning: Pick<ProvisioningService, 'listOpen' | 'cancel'>;
  modelPushes: Pick<ModelPushService, 'list' | 'cancel'>;
  calibrations: Pick<CalibrationService, 'listOpen' | 'cancel'>;
  models: Pick<ModelService, 'listJobs' | 'cancelJob'>;
}

export class GoingOn {
  readonly #services: BusyServices;

  constructor(services: BusyServices) {
    this.#services = services;
  }

  list(): Activity[] {
    const { runs, trainings, studies, provisioning, modelPushes, calibrations, models } = this.#services;
    return listActivity({
      runs: runs.listOpen(),
      trainings: trainings.listOpen(),
      studies: studies.listOpen(),
      provisionings: provisioning.listOpen(),
      pushes: modelPushes.list(),
      calibrations: calibrations.listOpen(),
      jobs: models.listJobs(),
    });
  }

  settle(how: SettleHow, limitMs: number): Promise<Settled> {
    const { runs, trainings, studies, provisioning, modelPushes, calibrations, models } = this.#services;
    const cancelled = {
      provisioning: (id: string) => provisioning.cancel(id),
      'model-push': (id: string) => modelPushes.cancel(id),
      calibration: (id: string) => calibrations.cancel(id),
      'model-job': (id: string) => models.cancelJob(id),
    };
    return settle(
      {
        list: () => this.list(),
        pause: {
          ...cancelled,
          run: async (id, signal) => {
            await runs.pause(id);
            await runs.standstill(id, signal);
          },
          training: (id) => trainings.pause(id),
          study: (id) => studies.pause(id),
        },
        stop: {
          ...cancelled,
          run: (id) => runs.stopNow(id),
          training: (id) => trainings.cancel(id),
          // A study has no end but its last cell: what it has done stays, and it can be removed or gone on with.
          study: (id) => studies.pause(id),
        },
        timeIsUp: (timeMs, signal) => delay(timeMs, undefined, { signal }),
      },
      how,
      limitMs,
    );
  }
}
