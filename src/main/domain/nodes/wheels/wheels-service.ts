// Fetches the wheels of a JetPack into the folder of wheels, from where provisioning takes them to nodes. One after the other: the line is what
// it waits for, and a server that is asked for forty files at once answers with a refusal.
import { formatQuantity } from '../../../../shared/format.js';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchWheelsInput, type FetchWheelsInput } from '../../../../shared/api/wheels-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { WheelList, WheelsFetch, WheelsProgress } from '../../../../shared/wheels.js';
import { downloadFile } from '../../../adapters/downloads/download-file.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { JobContext, JobEnd } from '../../jobs/job-kind.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
import { jetpackFolder } from '../provisioning/python/cached-wheels.js';
import { isHere, listFiles, neededWheels } from './needed-wheels.js';
import { meterDownload, NO_FILE } from './meter-download.js';
import { readWheelTable, wheelSetOf, type WheelTable } from './wheel-table.js';
import { toWheelsFetch, type WheelsDetail, wheelsJobs } from './wheels-job.js';

export interface WheelsServiceOptions {
  /** Reads the table of what each JetPack takes. */
  readTable(): Promise<WheelTable>;
  wheelsDir: string;
  /** The package index of this machine's user, where neither the command nor the table names one. */
  userIndex?: () => string | null;
  jobs: JobEngine;
}

export class WheelsService {
  readonly #options: WheelsServiceOptions;
  readonly #jobs: JobsOfKind<WheelsDetail>;

  constructor(options: WheelsServiceOptions) {
    this.#options = options;
    this.#jobs = options.jobs.plugIn(
      wheelsJobs({ run: (context) => this.#fetchAll(context), refuseSecond: (jetpack) => this.#refuseSecond(jetpack) }),
    );
  }

  /** Every JetPack that there is a list for, and how much of it is here. */
  async list(): Promise<WheelList[]> {
    const table = await this.#options.readTable();
    const index = this.#knownIndex(table);
    return Promise.all(
      Object.entries(table.jetpacks).map(async ([jetpack, set]) => {
        const folder = jetpackFolder(this.#options.wheelsDir, jetpack);
        const found = await listFiles(folder);
        const needed = neededWheels(set, '');
        const here = needed.map(({ isIt }) => found.find(({ name }) => isIt(name)) ?? null);
        const { title, python, notes } = set;
        return {
          ...{ jetpack, title, python, notes, folder, index },
          packages: needed.map((wheel) => wheel.title),
          hereCount: here.filter((file) => file !== null).length,
          missing: needed.filter((_, position) => here[position] === null).map((wheel) => wheel.title),
          hereBytes: here.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0),
        };
      }),
    );
  }

  /** Starts in the background. Throws `not-found` for a JetPack without a list, `invalid-input` without an index, `conflict` while the same is being fetched. */
  async fetch(input: FetchWheelsInput): Promise<WheelsFetch> {
    const { jetpack, index } = fetchWheelsInput.parse(input);
    const table = await this.#options.readTable();
    const set = wheelSetOf(table, jetpack);
    this.#indexFor(index, table);
    this.#refuseSecond(jetpack);
    const folder = jetpackFolder(this.#options.wheelsDir, jetpack);
    const job = this.#jobs.start({
      title: 'Fetch wheels',
      subject: { kind: 'wheels', id: null, name: set.title },
      detail: { jetpack, index, folder, progress: null, fetched: [] },
    });
    return toWheelsFetch(job);
  }

  /** Throws `not-found`. */
  get(id: string): WheelsFetch {
    return toWheelsFetch(this.#jobs.get(id));
  }

  /** Where none is named; null where none is known. */
  #knownIndex(table: WheelTable): string | null {
    return table.index ?? this.#options.userIndex?.() ?? this.#lastIndex();
  }

  #lastIndex(): string | null {
    for (const { id } of this.#jobs.heads()) {
      const { index } = this.#jobs.get(id).detail;
      if (index !== null) return index;
    }
    return null;
  }

  #indexFor(named: string | null, table: WheelTable): string {
    const index = named ?? this.#knownIndex(table);
    if (index !== null) return index;
    throw new AppError(
      'invalid-input',
      'No package index is named.',
      'Name one in its field or with --index URL: PyPI’s (its address ends in /simple/) or a mirror; or set PIP_INDEX_URL, as for pip.',
    );
  }

  #refuseSecond(jetpack: string): void {
    const running = this.#jobs.open().find(({ detail }) => detail.jetpack === jetpack);
    if (!running) return;
    throw new AppError(
      'conflict',
      `The wheels for JetPack ${jetpack} are being fetched already.`,
      `Wait for job ${running.id}, or cancel it.`,
    );
  }

  async #fetchAll(context: JobContext<WheelsDetail>): Promise<JobEnd> {
    const { jetpack, index, folder } = context.detail;
    const signal = AbortSignal.any([context.cancelling, context.pausing]);
    const table = await this.#options.readTable();
    const needed = neededWheels(wheelSetOf(table, jetpack), withSlash(this.#indexFor(index, table)));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [doneFiles, wheel] of needed.entries()) {
      const show = (of: Partial<WheelsProgress> = {}): void =>
        context.change({ ...context.detail, progress: { ...NO_FILE, doneFiles, totalFiles: needed.length, ...of } });
      show();
      if (await isHere(folder, wheel)) continue;
      const { name, url, sha256 } = await wheel.find(signal);
      const found = await downloadFile({
        url,
        path: join(folder, name),
        sha256,
        signal,
        onProgress: meterDownload((progress) => show({ file: name, ...progress })),
      });
      context.log(`${name}: SHA-256 ${found}${sha256 === null ? ', which no one has published' : ', as published'}`);
      context.change({ ...context.detail, fetched: [...context.detail.fetched, name] });
      context.keep();
    }
    const { fetched } = context.detail;
    const hereBefore = needed.length - fetched.length;
    const outcome = `${formatQuantity(fetched.length, 'wheel')} fetched${hereBefore > 0 ? `, ${hereBefore} were here` : ''}, in ${folder}`;
    return { state: 'succeeded', outcome };
  }
}

function withSlash(index: string): string {
  return index.endsWith('/') ? index : `${index}/`;
}

export function readShippedTable(resourcesDir: string): () => Promise<WheelTable> {
  let table: Promise<WheelTable> | null = null;
  return () => (table ??= readWheelTable(resourcesDir));
}
