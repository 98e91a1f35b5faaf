// One file of a model to one node: blocks out of this machine, blocks from its peers, the hash of the whole meanwhile, its name at the end.
import { AppError } from '../../../../shared/errors.js';
import type { ModelFile } from '../../../../shared/model.js';
import { blockLength } from '../../../../shared/model-layout.js';
import type { BlockBoard } from './block-board.js';
import { changedSinceAdded, type LocalFile } from './local-file.js';
import type { PushMeter } from './push-meter.js';
import type { Relay } from './relay.js';
import type { Receiver, ReceiverWord } from './receiver.js';
import { type RemoteFile, wholeBlocks } from './remote-file.js';
import { untilBoardChanges } from './until-board-changes.js';

/**
 * Each command that writes on a node costs its start, in which nothing is taken in: so it gets as much as goes in about this time, real ms, where no
 * other node is to be given a part of it.
 */
const RUN_MS = 500;
const MAX_RUN = 8;

export interface PushFileOptions {
  nodeId: string;
  nodeName: string;
  file: ModelFile;
  /** Length of what is there of the file unfinished. */
  partBytes: number;
  local: LocalFile;
  remote: RemoteFile;
  receiver: Receiver;
  /** Whether the model gets its name with this file. */
  publishes: boolean;
  board: BlockBoard;
  /** Null where the node has no agent. */
  relay: Relay | null;
  meter: PushMeter;
  signal: AbortSignal;
  nowMs: () => number;
}

/** Throws `no-space`, `io`, `conflict` (the file here has changed), `ssh-unreachable`, `ssh-command-failed` or `cancelled`. */
export async function pushFile(options: PushFileOptions): Promise<void> {
  const { nodeId, file, board, relay, meter } = options;
  meter.enter('checking');
  const found = await findVerified(options);
  meter.addFound(found.reduce((sum, index) => sum + blockLength(file.sizeBytes, index), 0));
  board.join(nodeId, { found, isRelaying: false });
  try {
    await relay?.start();
    meter.enter('sending');
    const sha256 = await send(options);
    if (sha256 !== file.sha256) throw await explainMismatch(options, sha256);
  } catch (thrown) {
    await relay?.stop();
    board.leave(nodeId);
    throw thrown;
  }
}

/** Blocks that are there and are what they should be. */
async function findVerified({ file, partBytes, local, remote }: PushFileOptions): Promise<number[]> {
  if (partBytes > file.sizeBytes) {
    await remote.forget();
    return [];
  }
  const count = wholeBlocks(partBytes, file.sizeBytes);
  if (count === 0) return [];
  // Both sides read at once.
  const own = Promise.all(Array.from({ length: count }, (_, index) => local.blockSha256(index)));
  const [theirs, ours] = await Promise.all([remote.hashBlocks(count), own]);
  return ours.flatMap((sha256, index) => (theirs[index] === sha256.toString('hex') ? [index] : []));
}

/** Resolves with the SHA-256 that the node has read of the whole, named if it is the right one. */
async function send({ nodeId, file, board, local, receiver, publishes, relay, meter, signal, nowMs }: PushFileOptions): Promise<string> {
  const ending = new AbortController();
  /** Blocks that were sent in one piece, by the first of them. */
  const runs = new Map<number, number>();
  async function* words(): AsyncGenerator<ReceiverWord> {
    const sent = new Set<number>();
    let maxCount = 1;
    for (let followed = 0; followed < board.blockCount;) {
      ending.signal.throwIfAborted();
      // A block that was sent in the same stream is in the file before the word behind it is heard.
      if (sent.has(followed) || board.holds(nodeId, followed)) {
        yield { kind: 'follow', index: followed++ };
        continue;
      }
      // The last ones are few, so that little is left to be read back behind them.
      const run = board.nextRun(nodeId, nowMs(), Math.min(maxCount, Math.ceil((board.blockCount - followed) / 2)));
      if (run === null) {
        await untilBoardChanges(board, ending.signal);
        continue;
      }
      const { index, count } = run;
      const startedAtMs = nowMs();
      runs.set(index, count);
      yield { kind: 'blocks', index, count, bytes: readBlocks(local, run, relay?.isSharing ?? false) };
      maxCount = Math.min(MAX_RUN, Math.max(1, Math.floor((count * RUN_MS) / (nowMs() - startedAtMs))));
      for (let one = index; one < index + count; one++) sent.add(one);
    }
  }
  const written = (first: number): void => {
    for (let index = first; index < first + (runs.get(first) ?? 0); index++) {
      const isNew = !board.holds(nodeId, index);
      board.noteWritten(nodeId, index);
      meter.addWritten(blockLength(file.sizeBytes, index), isNew);
    }
  };
  const isRight = (sha256: string): boolean => {
    meter.enter('finishing');
    return sha256 === file.sha256;
  };
  signal.addEventListener('abort', () => ending.abort(), { once: true, signal: ending.signal });
  try {
    return await receiver.receive({ words: words(), written, sent: (bytes) => meter.addSent(bytes), isRight, publishes });
  } finally {
    ending.abort();
  }
}

async function* readBlocks(
  local: LocalFile,
  { index, count }: { index: number; count: number },
  withHash: boolean,
): AsyncGenerator<Buffer> {
  for (let one = index; one < index + count; one++) yield* local.readBlock(one, withHash);
}

/** Every block got there, and yet the whole is not what is on record. What is there is of no use then. */
async function explainMismatch({ file, local, remote, nodeName }: PushFileOptions, sha256: string): Promise<AppError> {
  const isChangedHere = (await local.sha256()) !== file.sha256;
  await remote.forget();
  if (isChangedHere) return changedSinceAdded(local.path);
  return new AppError(
    'io',
    `Node "${nodeName}" has read ${file.path} back with the SHA-256 ${sha256} instead of ${file.sha256}.`,
    'Its disk or memory may be failing: check it, then push again.',
  );
}
