// What the program knows about itself.
import type { Activity, Settled } from '../../../shared/activity.js';
import type { SettleInput } from '../../../shared/api/activity-inputs.js';
import type { AppInfo, DoctorReport, LogQuery, ProgramEvent } from '../../../shared/api/app-info.js';
import type { WindowFault } from '../../../shared/api/window-fault.js';
import type { LogTail } from '../../../shared/log-line.js';
import type { Page } from '../../../shared/run.js';
import { readLastLines } from '../../adapters/log/read-log.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { DiagnosticsInput } from './bundle-diagnostics.js';
import { examine } from './doctor.js';
import type { GoingOn } from './going-on.js';
import type { DoctorInput } from './doctor.js';
import type { WindowFaults } from './window-faults.js';

export interface AppServiceOptions {
  info: AppInfo;
  doctor: DoctorInput;
  diagnostics: DiagnosticsInput;
  eventPage(input: { offset: number; limit: number }): Page<ProgramEvent>;
  goingOn: Pick<GoingOn, 'list' | 'settle'>;
  windowFaults: Pick<WindowFaults, 'report'>;
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

  /** What goes on now that would be cut off if the program ended. */
  activity(): Activity[] {
    return this.#options.goingOn.list();
  }

  /** Pauses or stops all of it, and tells what has not come to its end within the time. */
  settle({ how, limitMs }: SettleInput): Promise<Settled> {
    return this.#options.goingOn.settle(how, limitMs);
  }

  /** The last lines of the log, without secrets. */
  logTail({ lines, runId }: LogQuery): LogTail {
    const { logPath } = this.#options.doctor;
    return { path: logPath, lines: readLastLines(logPath, lines, { runId }) };
  }

  /** Puts a fault of the window's own code into the log, so many a minute. */
  reportFault(fault: WindowFault): void {
    this.#options.windowFaults.report(fault);
  }

  /** What somebody needs to find a fault, as an archive without secrets. */
  async diagnostics(): Promise<ExportedDocument<Uint8Array<ArrayBuffer>>> {
    const { diagnostics } = this.#options;
    const { bundleDiagnostics } = await import('./bundle-diagnostics.js');
    return bundleDiagnostics({ ...diagnostics, documents: { ...diagnostics.documents, 'doctor.json': () => this.doctor() } });
  }
}
