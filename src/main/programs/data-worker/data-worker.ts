// The data process: checks and copies away from the process that answers the window, which stays free meanwhile. Ends with its parent.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import { DataReader } from '../../adapters/storage/data-reader.js';
import { openForReading } from '../../adapters/storage/inspect-database.js';
import { DATABASE_FILE_NAME } from '../../adapters/storage/open-database.js';
import { toStorageError } from '../../adapters/storage/storage-errors.js';
import { copyDatabase } from '../../adapters/storage/write-backup.js';
import { checkData } from '../../domain/data-care/check-data.js';
import type { DataReply, DataRequest, DataTask } from './data-messages.js';

const cancelled = new AbortController();
const cancel = (): void => cancelled.abort(new AppError('cancelled', 'The work on the data folder was cancelled'));

/** Resolves when the parent has it; a parent that is gone waits for nothing. */
function reply(message: DataReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}

async function act(task: DataTask): Promise<DataReply> {
  switch (task.kind) {
    case 'check': {
      const report = await checkData(task.dataDir, {
        signal: cancelled.signal,
        onProgress: (progress) => void reply({ kind: 'progress', progress }),
        nowMs: () => Date.now(),
      });
      return { kind: 'checked', report };
    }
    case 'quick-check':
      return { kind: 'quick-checked', problem: quickCheck(task.dataDir) };
    case 'back-up':
      return { kind: 'backed-up', sizeBytes: await backUp(task) };
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

async function backUp({ dataDir, path }: DataTask & { kind: 'back-up' }): Promise<number> {
  try {
    const source = openForReading(join(dataDir, DATABASE_FILE_NAME));
    try {
      await copyDatabase(source, path, {
        signal: cancelled.signal,
        onProgress: (done, total) => void reply({ kind: 'progress', progress: { phase: 'Copying the database', done, total } }),
      });
    } finally {
      source.close();
    }
    return statSync(path).size;
  } catch (thrown) {
    throw toStorageError(thrown, dataDir);
  }
}

process.on('message', (request: DataRequest) => {
  if (request.kind === 'cancel') {
    cancel();
    return;
  }
  void act(request.task)
    .catch((thrown: unknown): DataReply => ({ kind: 'failed', error: toErrorShape(thrown) }))
    .then(reply)
    .finally(() => {
      if (process.connected) process.disconnect();
    });
});
process.on('disconnect', cancel);
// Ctrl-C reaches the whole group; the parent cancels.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', cancel);
