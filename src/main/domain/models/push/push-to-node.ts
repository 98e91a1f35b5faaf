// A whole model to one node: looks what is there, sends what is missing, and takes up the thread when the line breaks.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../../shared/errors.js';
import type { ModelCheck, PushOutcome } from '../../../../shared/model-push.js';
import type { ModelFile } from '../../../../shared/model.js';
import { blockLength, stagingDir } from '../../../../shared/model-layout.js';
import { pushBytes } from '../../../adapters/ssh/push-bytes.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { connectRoute } from '../../../adapters/ssh/ssh-route.js';
import { checkFully, checkSampled } from './check-on-node.js';
import { changedSinceAdded } from './local-file.js';
import { lookAtNode, whyNoRoom } from './look-at-node.js';
import { localPath } from './local-path.js';
import type { ModelWork } from './model-work.js';
import { pushFile } from './push-file.js';
import type { PushTarget } from './push-worker-messages.js';
import type { PushMeter } from './push-meter.js';
import { pushedModelPath } from './pushed-model-path.js';
import { RemoteFile, toPushError } from './remote-file.js';
import { type BlockOfModel, prepareScript, publishScript, remotePath } from './remote-scripts.js';

/** Settings and vocabularies go in one piece. */
const SMALL_FILE_BYTES = 1024 * 1024;
/** Real ms between a broken line and the next attempt: each wait doubles the one before. */
const FIRST_WAIT_MS = 500;
const LAST_WAIT_MS = 15_000;
/** Attempts in a row that bring nothing to the node: with the waits above about two minutes, enough for a board to boot. */
const MAX_VAIN_ATTEMPTS = 12;

export interface PushToNodeOptions {
  work: ModelWork;
  target: PushTarget;
  meter: PushMeter;
  signal: AbortSignal;
  /** Monotonic clock, ms. */
  nowMs: () => number;
}

/** Throws why the node was not reached before the first connection stood; afterwards only when the line stays broken. */
export async function pushToNode(options: PushToNodeOptions): Promise<PushOutcome> {
  const { work, target, meter, signal, nowMs } = options;
  const startedAtMs = nowMs();
  let wasConnected = false;
  for (let vainAttempts = 0; ; vainAttempts++) {
    meter.restart();
    meter.enter('connecting');
    try {
      const outcome = await connectRoute(target.route, signal);
      if (outcome.kind !== 'connected') throw outcome.error;
      const { connection } = outcome;
      wasConnected = true;
      try {
        const { isUnchanged, check } = await pushOver(connection, options);
        meter.enter('succeeded');
        const totalBytes = work.model.files.reduce((sum, file) => sum + file.sizeBytes, 0);
        return {
          isUnchanged,
          check,
          totalBytes,
          ...meter.totals,
          elapsedMs: nowMs() - startedAtMs,
          remotePath: pushedModelPath(work.model),
        };
      } finally {
        connection.close();
      }
    } catch (thrown) {
      if (meter.arrivedBytes > 0) vainAttempts = 0;
      if (signal.aborted || !wasConnected || !isBrokenConnection(thrown) || vainAttempts >= MAX_VAIN_ATTEMPTS) throw thrown;
      meter.enter('waiting');
      const waitMs = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** vainAttempts);
      // Nodes that were lost together do not come back together.
      await delay(waitMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
}

function isBrokenConnection(thrown: unknown): boolean {
  return thrown instanceof AppError && (thrown.code === 'ssh-unreachable' || thrown.code === 'ssh-command-failed');
}

/** What was there whole, compared as it was asked; null where nothing whole was there. */
async function checkWhole(connection: SshConnection, { work, target, signal }: PushToNodeOptions): Promise<ModelCheck | null> {
  const { model } = work;
  const exec = (command: string, more: ExecOptions): Promise<ExecResult> => connection.exec(command, { signal, ...more });
  const options = { exec, nodeName: target.nodeName, model, nowMs: Date.now() };
  if (target.verification !== 'sampled') return checkFully(options);
  const localSha256 = async ({ file, block }: BlockOfModel): Promise<string> => {
    const recorded = model.files[file];
    if (!recorded) throw new Error('A check names a file that the model has not');
    return (await (await work.open(recorded)).local.blockSha256(block)).toString('hex');
  };
  const sampled = await checkSampled({ ...options, localSha256: (await work.isHere()) ? localSha256 : null, random: Math.random });
  const [differing] = sampled.differingFiles;
  if (differing === undefined && !sampled.isFullDue) return sampled;
  const full = await checkFully(options);
  // All right there, and yet not as here: nothing of it may be overwritten by the file that has changed.
  if (differing !== undefined && full.differingFiles.length === 0) throw changedSinceAdded(localPath(model, differing));
  return full;
}

function differs(nodeName: string, check: ModelCheck | null): AppError {
  return new AppError(
    'conflict',
    check === null
      ? `The model is not whole on node "${nodeName}".`
      : `The model on node "${nodeName}" is not as on record: ${check.differingFiles.map((path) => printable(path)).join(', ')} differ.`,
    'Push it with --verify: only what differs is re-sent. If that comes again, check the disk of the node.',
  );
}

async function pushOver(connection: SshConnection, options: PushToNodeOptions): Promise<Pick<PushOutcome, 'isUnchanged' | 'check'>> {
  const { work, target, meter, signal } = options;
  const { model } = work;
  const { nodeName } = target;
  meter.enter('checking');
  const there = await lookAtNode({ exec: (command) => connection.exec(command, { signal }), nodeName, model });
  const check = there.isWhole ? await checkWhole(connection, options) : null;
  if (check?.differingFiles.length === 0) {
    meter.addFound(model.files.reduce((sum, file) => sum + file.sizeBytes, 0));
    return { isUnchanged: true, check };
  }
  if (target.verification === 'only') throw differs(nodeName, check);
  const noRoom = whyNoRoom(there, work.reserveBytes);
  if (noRoom !== null) {
    throw new AppError(
      'no-space',
      `Node "${nodeName}" has no room for the model: ${noRoom}.`,
      'Free space there, then push again; nothing of yours is removed.',
    );
  }
  const run = async (command: string, what: string): Promise<void> => {
    const result = await connection.exec(command, { signal });
    if (result.code !== 0) throw toPushError(result, { nodeName, what });
  };
  const prepare = prepareScript(
    model.sha256,
    model.files.map((file) => file.path),
  );
  const publish = publishScript(model.sha256, Date.now());
  // What had the model's name and was not whole is verified again; so is what is beside it.
  const todo = model.files.flatMap((file, index) => {
    const found = there.files[index];
    const finalBytes = found?.finalBytes ?? null;
    if (finalBytes === null && found?.verifiedBytes === file.sizeBytes) {
      meter.addFound(file.sizeBytes);
      return [];
    }
    return [{ file, partBytes: finalBytes ?? found?.partBytes ?? 0 }];
  });
  // Every command costs its start, so the first and the last file bring these with them where they can.
  const [first, last] = [todo[0], todo.at(-1)];
  const isFresh = there.files.every(({ verifiedBytes, partBytes, finalBytes }) => (verifiedBytes ?? partBytes ?? finalBytes) === null);
  // An agent may be told of blocks before the first one is written.
  const isPreparedByFirst = isFresh && target.agent === null && first !== undefined && !isSmall(first.file);
  if (!isPreparedByFirst) await run(prepare, 'make its folder for models');
  const isPublishedByLast = last !== undefined && !isSmall(last.file);
  for (const one of todo) {
    const brings = {
      prepare: isPreparedByFirst && one === first ? prepare : '',
      publish: isPublishedByLast && one === last ? publish : '',
    };
    await pushOne(connection, options, { ...one, ...brings });
  }
  if (!isPublishedByLast) await run(publish, 'give the model its name');
  return { isUnchanged: false, check };
}

/** Goes in one piece. */
function isSmall({ sizeBytes }: ModelFile): boolean {
  return sizeBytes <= SMALL_FILE_BYTES;
}

interface FileToPush {
  file: ModelFile;
  /** Length of what is there of it unfinished. */
  partBytes: number;
  /** What its first command starts with, and its last one ends with; empty for nothing, as for a small file. */
  prepare: string;
  publish: string;
}

async function pushOne(
  connection: SshConnection,
  options: PushToNodeOptions,
  { file, partBytes, prepare, publish }: FileToPush,
): Promise<void> {
  const { work, target, meter, signal, nowMs } = options;
  const path = remotePath(`${stagingDir(work.model.sha256)}/${file.path}`);
  const shared = await work.open(file);
  if (isSmall(file)) {
    if ((await shared.local.sha256()) !== file.sha256) throw changedSinceAdded(shared.local.path);
    meter.enter('sending');
    await pushBytes(connection, { bytes: await readFile(shared.local.path), remotePath: path, mode: 0o600, signal });
    meter.addSent(file.sizeBytes);
    meter.addWritten(file.sizeBytes, true);
    return;
  }
  const relayed = (indexes: readonly number[]): void => {
    meter.addRelayed(indexes.reduce((sum, index) => sum + blockLength(file.sizeBytes, index), 0));
  };
  await pushFile({
    nodeId: target.nodeId,
    nodeName: target.nodeName,
    file,
    partBytes,
    local: shared.local,
    remote: new RemoteFile({ connection, nodeName: target.nodeName, path, sizeBytes: file.sizeBytes, prepare, publish, signal }),
    board: shared.board,
    relay: work.relay(target, file, shared, relayed),
    meter,
    signal,
    nowMs,
  });
}
