// Studies whose cells take milliseconds, and a service over a database of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { JobRepository } from '../../src/main/adapters/storage/job-repository.js';
import { StudyRepository } from '../../src/main/adapters/storage/study-repository.js';
import { StudyService, type StudyServiceOptions } from '../../src/main/domain/simulation/studies/study-service.js';
import { ProcessSlots } from '../../src/main/domain/simulation/training/process-slots.js';
import type { StudyDefinition } from '../../src/shared/study.js';
import { closingJobs, makeJobEngine } from './job-fixtures.js';
import type { TemporaryDatabase } from './storage-fixtures.js';

const SMALL_SETTINGS = { hiddenSize: 6, batchSize: 8, learningStarts: 6, replayCapacity: 60, denoisingSteps: 2 };
const SMALL_ENVIRONMENT = { baseStations: 3, slots: 6 };

/** Two points, two methods that learn and one that does not, two episodes. */
export function buildStudy(change: Partial<StudyDefinition> = {}): StudyDefinition {
  return {
    name: 'small',
    title: 'Small',
    figure: null,
    question: 'Does it work?',
    kind: 'sweep',
    measure: 'delay',
    preset: 'paper',
    axisLabel: 'Tasks',
    points: [2, 4].map((x) => ({ x, changes: { ...SMALL_ENVIRONMENT, maxTasksPerSlot: x }, settings: SMALL_SETTINGS })),
    methods: ['lad-ts', 'sac-ts', 'opt-ts'],
    episodes: 2,
    lastEpisodes: 1,
    paperSeeds: 50,
    paper: [{ method: 'lad-ts', x: 4, delaySec: 7.7, source: 'Sec. V-C' }],
    ...change,
  };
}

/** Writes a definition where the service looks for them. */
export function writeStudy(dataDir: string, study: StudyDefinition = buildStudy()): void {
  mkdirSync(definitionsFolder(dataDir), { recursive: true });
  writeFileSync(join(definitionsFolder(dataDir), `${study.name}.json`), JSON.stringify(study));
}

export function definitionsFolder(dataDir: string): string {
  return join(dataDir, 'definitions');
}

let number = 0;

export function openStudyService(
  { dataDir, database }: TemporaryDatabase,
  options: Pick<StudyServiceOptions, 'startTrainer'> & Partial<StudyServiceOptions>,
): StudyService {
  const jobs = makeJobEngine({ store: new JobRepository(database) });
  const service = new StudyService({
    studies: new StudyRepository(database),
    jobs,
    definitionsFolder: definitionsFolder(dataDir),
    folder: join(dataDir, 'studies'),
    programDir: resolve(import.meta.dirname, '../..'),
    slots: new ProcessSlots(2),
    programVersion: '0.0.0-test',
    newId: (prefix) => `${prefix}-${++number}`,
    recordEvent: () => undefined,
    ...options,
  });
  return closingJobs(service, jobs);
}
