// The data process: checks and copies away from the process that answers the window, which stays free meanwhile. Ends with its parent.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataProgress } from '../../../shared/data-care.js';
import { toErrorShape } from '../../../shared/errors.js';
import { DataReader } from '../../adapters/storage/data-reader.js';
import { openForReading } from '../../adapters/storage/inspect-database.js';
import { DATABASE_FILE_NAME } from '../../adapters/storage/open-database.js';
import { toStorageError } from '../../adapters/storage/storage-errors.js';
import { copyDatabase } from '../../adapters/storage/write-backup.js';
import { checkData } from '../../domain/data-care/check-data.js';
import { serveOneTask } from '../child/serve-one-task.js';
import type { DataReply, DataTask } from '../../domain/data-care/data-worker-messages.js';

type Work = { signal: AbortSignal; onProgress(progress: DataProgress): void };
type Answer = Exclude<DataReply, { kind: 'progress' | 'failed' }>;

async function act(task: DataTask, work: Work): Promise<Answer> {
  switch (task.kind) {
    case 'check':
      return { kind: 'checked', report: await checkData(task.dataDir, { ...work, nowMs: () => Date.now() }) };
    case 'quick-check':
      return { kind: 'quick-checked', problem: quickCheck(task.dataDir) };
    case 'back-up':
      return { kind: 'backed-up', sizeBytes: await backUp(task, work) };
  }
}

function quickCheck(dataDir: string): string | null {
  const reader = new DataReader(join(dataDir, DATABASE_FILE_NAME), dataDir);
  try {
    return reader.integrityProblems({ isQuick: true })[0] ?? null;
  } finally {
    reader.close();
  }
}

async function backUp({ dataDir, path }: DataTask & { kind: 'back-up' }, { signal, onProgress }: Work): Promise<number> {
  try {
    const source = openForReading(join(dataDir, DATABASE_FILE_NAME));
    try {
      await copyDatabase(source, path, {
        signal,
        onProgress: (done, total) => onProgress({ phase: 'Copying the database', done, total }),
      });
    } finally {
      source.close();
    }
    return statSync(path).size;
  } catch (thrown) {
    throw toStorageError(thrown, dataDir);
  }
}

serveOneTask({ subject: 'data folder', act, describeFailure: toErrorShape });
