import { freemem, release, totalmem } from 'node:os';
import type { AppInfo } from '../../shared/api/app-info.js';
import { formatQuantity } from '../../shared/format.js';
import { AppService } from '../domain/app/app-service.js';
import { ActivityFeed } from '../domain/app/activity-feed.js';
import { RunningActivities, type BusyServices } from '../domain/app/running-activities.js';
import { WindowErrors } from '../domain/app/window-errors.js';
import type { SeriesService } from '../domain/series/series-service.js';
import type { RunService } from '../domain/runs/run-service.js';
import type { Redactor } from '../adapters/log/redactor.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import { loadProgramKey } from '../adapters/secrets/program-key.js';
import type { Services } from '../api/services.js';
import { describeSchema } from '../adapters/storage/describe-schema.js';
import type { CompositionContext } from './context.js';

export interface AppServices {
  shell: AppInfo['shell'];
  busy: BusyServices & { runs: Pick<RunService, 'live' | 'subscribe'>; series: Pick<SeriesService, 'waitOf'> };
  logPath: string;
  redactor: Redactor;
  /** What diagnostics report; asked only after everything has been built. */
  services: () => Pick<Services, 'runs' | 'credentials'>;
}

/** What the program knows about itself in this shell. */
export function composeApp(
  { dataDir, log, paths, storage, secretFiles, jobs, nowMs }: CompositionContext,
  { shell, busy, logPath, redactor, services }: AppServices,
): AppService {
  return new AppService({
    info: {
      version: PROGRAM_VERSION,
      shell,
      dataDir,
      platform: `${process.platform} ${process.arch}`,
      nodeVersion: process.version,
      // Asked for late: the key is made on first need, not by every command that opens the data.
      get sshPublicKeyLine() {
        return loadProgramKey(secretFiles).publicKeyLine;
      },
    },
    doctor: {
      dataDir,
      programDir: paths.programDir,
      agentBundlePath: paths.agentBundlePath,
      rendererDir: paths.rendererDir,
      logPath,
      readDatabase: () =>
        `${formatQuantity(storage.testbeds.listTestbeds().length, 'testbed')}, ${formatQuantity(storage.runs.countRuns(), 'run')}`,
    },
    activityFeed: new ActivityFeed({
      jobs: () => jobs.list(),
      runsSince: (atMs) => storage.runs.listIdsSince(atMs),
      live: (id) => busy.runs.live(id),
      waitOf: ({ id, kind, state }) => (kind === 'series' && state === 'queued' ? busy.series.waitOf(id) : { behind: null }),
      subscribe(listener) {
        const ends = [jobs.subscribe(listener), busy.runs.subscribe(listener)];
        return () => {
          for (const end of ends) end();
        };
      },
      nowMs,
    }),
    runningActivities: new RunningActivities(busy),
    windowErrors: new WindowErrors(log, nowMs),
    diagnostics: {
      logPath,
      redactor,
      nowMs,
      documents: {
        'program.json': () => describeProgram(shell, dataDir),
        'database.json': () => describeSchema(storage.database),
        'settings.json': async () => ({ testbeds: storage.testbeds.listTestbeds(), secrets: await services().credentials.status() }),
        'runs.json': () => services().runs.list(),
        'events.json': () => storage.events.page({ offset: 0, limit: 500 }).items,
      },
    },
    eventPage: (input) => storage.events.page(input),
  });
}

function describeProgram(shell: AppInfo['shell'], dataDir: string): object {
  return {
    version: PROGRAM_VERSION,
    shell,
    dataDir,
    platform: `${process.platform} ${process.arch} ${release()}`,
    versions: process.versions,
    memoryBytes: { total: totalmem(), free: freemem(), program: process.memoryUsage() },
    upSec: Math.round(process.uptime()),
  };
}
