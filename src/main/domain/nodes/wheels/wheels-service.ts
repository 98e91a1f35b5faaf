// Fetches the wheels of a JetPack into the folder of wheels, from where provisioning takes them to nodes. One after the other: the line is what
// it waits for, and a server that is asked for forty files at once answers with a refusal.
import { formatQuantity } from '../../../../shared/format.js';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchWheelsInput, type FetchWheelsInput } from '../../../../shared/api/wheels-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { WheelList, WheelsFetch } from '../../../../shared/wheels.js';
import { downloadFile } from '../../../adapters/downloads/download-file.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { JobContext, JobEnd } from '../../jobs/job-kind.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
import { isFittingWheel, jetpackFolder, packageOf, type WheelTarget } from '../provisioning/python/cached-wheels.js';
import { findWheel, type IndexedWheel } from './wheel-index.js';
import { readWheelTable, type WheelSet, wheelSetOf, type WheelTable } from './wheel-table.js';
import { toWheelsFetch, type WheelsDetail, wheelsJobs } from './wheels-job.js';

export interface WheelsServiceOptions {
  /** Reads the table of what each JetPack takes. */
  readTable(): Promise<WheelTable>;
  wheelsDir: string;
  /** The package index of this machine's user, where neither the command nor the table names one. */
  userIndex?: () => string | null;
  jobs: JobEngine;
}

/** A wheel of the table: with its address, or by name and version for an index. */
interface NeededWheel {
  title: string;
  sha256: string | null;
  isIt(fileName: string): boolean;
  find(signal: AbortSignal): Promise<Omit<IndexedWheel, 'sha256'> & { sha256: string | null }>;
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
    return Promise.all(
      Object.entries(table.jetpacks).map(async ([jetpack, set]) => {
        const folder = jetpackFolder(this.#options.wheelsDir, jetpack);
        const names = await readdir(folder).catch(() => []);
        const needed = neededWheels(set, table.index ?? '');
        const hereCount = needed.filter(({ isIt }) => names.some(isIt)).length;
        const { title, python, notes } = set;
        return { jetpack, title, python, notes, packages: needed.map((wheel) => wheel.title), hereCount, folder };
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

  #indexFor(named: string | null, table: WheelTable): string {
    const index = named ?? table.index ?? this.#options.userIndex?.() ?? null;
    if (index !== null) return index;
    throw new AppError(
      'invalid-input',
      'No package index is named.',
      'Name one with --index URL: PyPI’s (its address ends in /simple/) or a mirror; or set PIP_INDEX_URL, as for pip.',
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
    const table = await this.#options.readTable();
    const needed = neededWheels(wheelSetOf(table, jetpack), withSlash(this.#indexFor(index, table)));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [doneFiles, wheel] of needed.entries()) {
      const show = (file: string | null, fileBytes = 0, fileTotalBytes: number | null = null): void =>
        context.change({ ...context.detail, progress: { doneFiles, totalFiles: needed.length, file, fileBytes, fileTotalBytes } });
      show(null);
      if (await isHere(folder, wheel)) continue;
      const { name, url, sha256 } = await wheel.find(context.cancelling);
      const found = await downloadFile({
        url,
        path: join(folder, name),
        sha256,
        signal: context.cancelling,
        onProgress: ({ doneBytes, totalBytes }) => show(name, doneBytes, totalBytes),
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

function neededWheels(set: WheelSet, index: string): NeededWheel[] {
  const target: WheelTarget = { version: set.python, machine: set.machine, system: 'linux' };
  const files = set.files.map((file): NeededWheel => ({
    title: file.name,
    sha256: file.sha256,
    isIt: (fileName) => fileName === file.name,
    find: () => Promise.resolve(file),
  }));
  const packages = set.packages.map(({ name, version, sha256 }): NeededWheel => ({
    title: `${name} ${version}`,
    sha256,
    isIt: (fileName) => packageOf(fileName) === name && fileName.split('-')[1] === version && isFittingWheel(fileName, target),
    find: (signal) => findWheel({ index, name, version, sha256, target, signal }),
  }));
  return [...files, ...packages];
}

/** Whether the wheel lies there, and is the one of the table where that says which. */
async function isHere(folder: string, { isIt, sha256 }: NeededWheel): Promise<boolean> {
  for (const name of (await readdir(folder)).filter(isIt)) {
    if (sha256 === null) return true;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer);
    if (hash.digest('hex') === sha256) return true;
  }
  return false;
}

function withSlash(index: string): string {
  return index.endsWith('/') ? index : `${index}/`;
}

export function readShippedTable(resourcesDir: string): () => Promise<WheelTable> {
  let table: Promise<WheelTable> | null = null;
  return () => (table ??= readWheelTable(resourcesDir));
}
