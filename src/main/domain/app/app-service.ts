// What the program knows about itself.
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import type { Activity, Settled } from '../../../shared/activity.js';
import type { SettleInput } from '../../../shared/api/activity-inputs.js';
import type { AppInfo, DoctorReport, LogQuery, ProgramEvent } from '../../../shared/api/app-info.js';
import type { WindowError } from '../../../shared/api/window-error.js';
import type { LogTail } from '../../../shared/log-line.js';
import type { Page } from '../../../shared/run.js';
import { readLastLines } from '../../adapters/log/read-log.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { ActivityFeed } from './activity-feed.js';
import type { DiagnosticsInput } from './bundle-diagnostics.js';
import { examine } from './doctor.js';
import type { RunningActivities } from './running-activities.js';
import type { DoctorInput } from './doctor.js';
import type { WindowErrors } from './window-errors.js';

export interface AppServiceOptions {
  info: AppInfo;
  doctor: DoctorInput;
  diagnostics: DiagnosticsInput;
  eventPage(input: { offset: number; limit: number }): Page<ProgramEvent>;
  activityFeed: Pick<ActivityFeed, 'watch'>;
  runningActivities: Pick<RunningActivities, 'list' | 'settle'>;
  windowErrors: Pick<WindowErrors, 'report'>;
}

export class AppService {
  readonly #options: AppServiceOptions;

  constructor(options: AppServiceOptions) {
    this.#options = options;
  }

  info(): AppInfo {
    return this.#options.info;
  }

  doctor(): Promise<DoctorReport> {
    return examine(this.#options.doctor);
  }

  events(input: { offset: number; limit: number }): Page<ProgramEvent> {
    return this.#options.eventPage(input);
  }

  /** What is in progress now that would be cut off if the program ended. */
  activity(): Activity[] {
    return this.#options.runningActivities.list();
  }

  /** Everything that runs, waits or has ended in the last day. */
  watchActivity(signal: AbortSignal): AsyncIterable<ActivityEntry[]> {
    return this.#options.activityFeed.watch(signal);
  }

  /** Pauses or stops all of it, and reports what has not come to its end within the time. */
  settle({ how, limitMs }: SettleInput): Promise<Settled> {
    return this.#options.runningActivities.settle(how, limitMs);
  }

  /** The last lines of the log, without secrets. */
  logTail({ lines, runId }: LogQuery): LogTail {
    const { logPath } = this.#options.doctor;
    return { path: logPath, lines: readLastLines(logPath, lines, { runId }) };
  }

  /** Puts an error of the window's own code into the log, so many a minute. */
  reportError(windowError: WindowError): void {
    this.#options.windowErrors.report(windowError);
  }

  /** What someone needs to find a fault, as an archive without secrets. */
  async diagnostics(): Promise<ExportedDocument<Uint8Array<ArrayBuffer>>> {
    const { diagnostics } = this.#options;
    const { bundleDiagnostics } = await import('./bundle-diagnostics.js');
    return bundleDiagnostics({ ...diagnostics, documents: { ...diagnostics.documents, 'doctor.json': () => this.doctor() } });
  }
}
