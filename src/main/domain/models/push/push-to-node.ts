// A whole model to one node: looks what is there, sends what is missing, and takes up the thread when the line breaks.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../../shared/errors.js';
import type { ModelCheck, PushOutcome } from '../../../../shared/model-push.js';
import type { ModelFile } from '../../../../shared/model.js';
import { blockLength, stagingDir } from '../../../../shared/model-layout.js';
import { pushBytes } from '../../../adapters/ssh/push-bytes.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { checkFully, checkSampled } from './check-on-node.js';
import { changedSinceAdded } from './local-file.js';
import { lookAtNode, lookScriptOf, type ModelOnNode, readLook, whyNoRoom } from './look-at-node.js';
import { localPath } from './local-path.js';
import type { ModelWork } from './model-work.js';
import { PushConnections } from './push-connections.js';
import { pushFile } from './push-file.js';
import type { PushTarget } from './push-worker-messages.js';
import type { PushMeter } from './push-meter.js';
import { pushedModelPath } from './pushed-model-path.js';
import { Receiver } from './receiver.js';
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

/** Throws why the node was not reached before it was for the first time; afterwards only when the connection stays broken. */
export async function pushToNode(options: PushToNodeOptions): Promise<PushOutcome> {
  const { work, target, meter, signal, nowMs } = options;
  const startedAtMs = nowMs();
  const connections = new PushConnections({ route: target.route, openSshPath: work.openSshPath, signal });
  try {
    for (let vainAttempts = 0; ; vainAttempts++) {
      meter.restart();
      meter.enter('connecting');
      try {
        const { isUnchanged, check } = await pushOver(connections, options);
        meter.enter('succeeded');
        const totalBytes = work.model.files.reduce((sum, file) => sum + file.sizeBytes, 0);
        const { totals } = meter;
        const carrier = totals.sentBytes > 0 ? connections.carrier : null;
        const elapsedMs = nowMs() - startedAtMs;
        return { isUnchanged, check, totalBytes, ...totals, carrier, elapsedMs, remotePath: pushedModelPath(work.model) };
      } catch (thrown) {
        if (meter.arrivedBytes > 0) vainAttempts = 0;
        if (signal.aborted || !connections.wasReached || !isBrokenConnection(thrown) || vainAttempts >= MAX_VAIN_ATTEMPTS) throw thrown;
        meter.enter('waiting');
        connections.disconnect();
        const waitMs = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** vainAttempts);
        // Nodes that were lost together do not come back together.
        await delay(waitMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    await connections.close();
  }
}

function isBrokenConnection(thrown: unknown): boolean {
  return thrown instanceof AppError && (thrown.code === 'ssh-unreachable' || thrown.code === 'ssh-command-failed');
}

/** What was there whole, compared as it was asked; null where nothing whole was there. */
async function checkWhole(connections: PushConnections, { work, target, signal }: PushToNodeOptions): Promise<ModelCheck | null> {
  const { model } = work;
  const exec = (command: string, more: ExecOptions): Promise<ExecResult> => connections.exec(command, { signal, ...more });
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

async function pushOver(connections: PushConnections, options: PushToNodeOptions): Promise<Pick<PushOutcome, 'isUnchanged' | 'check'>> {
  const { work, target, meter } = options;
  const { model } = work;
  const { nodeName } = target;
  // What comes first is what nearly every push needs: one command looks, makes the folder and takes the first large file in.
  const first = target.verification === 'only' ? undefined : model.files.find((file) => !isSmall(file));
  const receiver = first ? openReceiver(connections, options, { file: first, look: lookScriptOf(model) }) : null;
  try {
    const there = receiver
      ? readLook({ stdout: await receiver.looked, stderr: '' }, { nodeName, model })
      : await lookAtNode({ exec: (command) => connections.exec(command), nodeName, model });
    meter.enter('checking');
    const check = there.isWhole ? await checkWhole(connections, options) : null;
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
    await pushMissing(connections, options, { there, opened: receiver && first ? { receiver, file: first } : null });
    return { isUnchanged: false, check };
  } finally {
    receiver?.end();
  }
}

interface OpenedReceiver {
  receiver: Receiver;
  file: ModelFile;
}

/** `opened`: for one of the files, if it is missing. */
async function pushMissing(
  connections: PushConnections,
  options: PushToNodeOptions,
  { there, opened }: { there: ModelOnNode; opened: OpenedReceiver | null },
): Promise<void> {
  const { work, target, meter } = options;
  const { model } = work;
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
  const run = async (command: string, what: string): Promise<void> => {
    const result = await connections.exec(command);
    if (result.code !== 0) throw toPushError(result, { nodeName: target.nodeName, what });
  };
  const isOpened = (file: ModelFile): boolean => opened?.file === file;
  if (opened && todo.some(({ file }) => isOpened(file))) await opened.receiver.prepare();
  else await run(prepareScriptOf(model), 'make its folder for models');
  const last = todo.at(-1);
  for (const one of todo) {
    if (isSmall(one.file)) await pushSmall(connections, options, one.file);
    else {
      const receiver = opened && isOpened(one.file) ? opened.receiver : openReceiver(connections, options, { file: one.file, look: '' });
      await pushLarge(connections, options, { ...one, receiver, publishes: one === last }).finally(() => receiver.end());
    }
  }
  if (!last || isSmall(last.file)) await run(publishScript(model.sha256, Date.now()), 'give the model its name');
}

/** Goes in one piece. */
function isSmall({ sizeBytes }: ModelFile): boolean {
  return sizeBytes <= SMALL_FILE_BYTES;
}

function prepareScriptOf({ sha256, files }: ModelWork['model']): string {
  return prepareScript(
    sha256,
    files.map((file) => file.path),
  );
}

function stagingPath(work: ModelWork, { path }: ModelFile): string {
  return remotePath(`${stagingDir(work.model.sha256)}/${path}`);
}

/** Starts at once; every command costs its start, so this one can do all that a fresh model of one file takes. */
function openReceiver(
  connections: PushConnections,
  { work, target, meter, signal }: PushToNodeOptions,
  { file, look }: { file: ModelFile; look: string },
): Receiver {
  const { model } = work;
  return new Receiver({
    run: (script, more) => connections.receive(script, more),
    nodeName: target.nodeName,
    path: stagingPath(work, file),
    sizeBytes: file.sizeBytes,
    scripts: { look, prepare: look === '' ? '' : prepareScriptOf(model), publish: publishScript(model.sha256, Date.now()) },
    signal,
    onStarted: () => meter.enter('checking'),
  });
}

async function pushSmall(connections: PushConnections, { work, meter, signal }: PushToNodeOptions, file: ModelFile): Promise<void> {
  const { local } = await work.open(file);
  if ((await local.sha256()) !== file.sha256) throw changedSinceAdded(local.path);
  meter.enter('sending');
  await pushBytes(connections, { bytes: await readFile(local.path), remotePath: stagingPath(work, file), mode: 0o600, signal });
  meter.addSent(file.sizeBytes);
  meter.addWritten(file.sizeBytes, true);
}

interface LargeFile {
  file: ModelFile;
  /** Length of what is there of it unfinished. */
  partBytes: number;
  receiver: Receiver;
  /** Whether the model gets its name with it. */
  publishes: boolean;
}

async function pushLarge(connections: PushConnections, options: PushToNodeOptions, large: LargeFile): Promise<void> {
  const { work, target, meter, signal, nowMs } = options;
  const { nodeId, nodeName } = target;
  const { file } = large;
  const { local, board } = await work.open(file);
  const relayed = (indexes: readonly number[]): void => {
    meter.addRelayed(indexes.reduce((sum, index) => sum + blockLength(file.sizeBytes, index), 0));
  };
  const relay = work.relay(target, file, { local, board }, relayed);
  const exec: PushConnections['exec'] = (script, more) => connections.exec(script, more);
  const remote = new RemoteFile({ exec, nodeName, path: stagingPath(work, file), signal });
  await pushFile({ nodeId, nodeName, ...large, local, remote, board, relay, meter, signal, nowMs });
}
