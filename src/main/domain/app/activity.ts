// What is going on in the whole program, as one list. Pure: it reads lists of the services' records.
import { basename } from 'node:path';
import type { Activity } from '../../../shared/activity.js';
import type { CalibrationRun } from '../../../shared/calibration.js';
import type { ModelPush } from '../../../shared/model-push.js';
import type { ModelJob } from '../../../shared/model.js';
import type { ProvisioningRun } from '../../../shared/provisioning.js';
import type { StudyRun } from '../../../shared/study.js';
import type { Training } from '../../../shared/training.js';
import type { OpenRun } from '../runs/open-run.js';

/** What may be going on; ended ones among them are left out. */
export interface Records {
  runs: readonly OpenRun[];
  trainings: readonly Training[];
  studies: readonly StudyRun[];
  provisionings: readonly (ProvisioningRun & { testbedName: string })[];
  pushes: readonly ModelPush[];
  calibrations: readonly (CalibrationRun & { testbedName: string })[];
  jobs: readonly ModelJob[];
}

/** In the order in which a person would ask for them. */
export function listActivity(records: Records): Activity[] {
  return [
    ...records.runs.flatMap(ofRun),
    ...records.trainings.flatMap(ofTraining),
    ...records.studies.flatMap(ofStudy),
    ...records.provisionings.flatMap(ofProvisioning),
    ...records.pushes.flatMap(ofPush),
    ...records.calibrations.flatMap(ofCalibration),
    ...records.jobs.flatMap(ofJob),
  ];
}

function ofRun({ run: { id, spec, state, counts }, isStandingStill }: OpenRun): Activity[] {
  const isPausing = state === 'paused' && !isStandingStill;
  if (state !== 'queued' && state !== 'running' && state !== 'stopping' && !isPausing) return [];
  return [
    {
      kind: 'run',
      id,
      name: spec.name,
      done: counts.succeeded + counts.failed + counts.cancelled,
      total: counts.total,
      unit: 'tasks',
      state: state === 'queued' ? 'waiting' : isPausing || state === 'stopping' ? 'pausing' : 'going',
      canPause: true,
    },
  ];
}

function ofTraining({ id, spec, state, doneEpisodes }: Training): Activity[] {
  if (state !== 'queued' && state !== 'running' && state !== 'stopping') return [];
  const name = `${spec.method}, seed ${spec.seed}`;
  const now = state === 'queued' ? 'waiting' : state === 'running' ? 'going' : 'pausing';
  return [{ kind: 'training', id, name, done: doneEpisodes, total: spec.episodes, unit: 'episodes', state: now, canPause: true }];
}

function ofStudy({ id, study, state, doneCount, cellCount }: StudyRun): Activity[] {
  if (state !== 'running' && state !== 'stopping') return [];
  const now = state === 'running' ? 'going' : 'pausing';
  return [{ kind: 'study', id, name: study.name, done: doneCount, total: cellCount, unit: 'cells', state: now, canPause: true }];
}

function ofProvisioning({ id, testbedName, state, nodes }: Records['provisionings'][number]): Activity[] {
  if (state !== 'running') return [];
  const done = nodes.filter((node) => node.state !== 'queued' && node.state !== 'running').length;
  return [{ kind: 'provisioning', id, name: testbedName, done, total: nodes.length, unit: 'nodes', state: 'going', canPause: false }];
}

function ofPush({ id, modelName, state, nodes }: ModelPush): Activity[] {
  if (state !== 'running') return [];
  const done = nodes.reduce((sum, { progress }) => sum + progress.doneBytes, 0);
  const total = nodes.reduce((sum, { progress }) => sum + progress.totalBytes, 0);
  return [{ kind: 'model-push', id, name: modelName, done, total, unit: 'bytes', state: 'going', canPause: false }];
}

function ofCalibration({ id, testbedName, state, nodes }: Records['calibrations'][number]): Activity[] {
  if (state !== 'running') return [];
  const done = nodes.reduce((sum, { samples }) => sum + samples.length, 0);
  const total = nodes.reduce((sum, { imageCount }) => sum + imageCount, 0);
  return [{ kind: 'calibration', id, name: testbedName, done, total, unit: 'images', state: 'going', canPause: false }];
}

function ofJob({ id, kind, path, state, progress }: ModelJob): Activity[] {
  if (state !== 'running') return [];
  const name = `${kind === 'add' ? 'Hashing' : 'Refining'} ${basename(path)}`;
  const { doneBytes = 0, totalBytes = 0 } = progress ?? {};
  return [{ kind: 'model-job', id, name, done: doneBytes, total: totalBytes, unit: 'bytes', state: 'going', canPause: false }];
}
