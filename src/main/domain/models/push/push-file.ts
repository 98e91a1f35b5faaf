// One file of a model to one node: blocks out of this machine, blocks from its peers, the hash of the whole meanwhile, its name at the end.
import { AppError } from '../../../../shared/errors.js';
import type { ModelFile } from '../../../../shared/model.js';
import { blockCount, blockLength } from '../../../../shared/model-layout.js';
import type { BlockBoard } from './block-board.js';
import { changedSinceAdded, type LocalFile } from './local-file.js';
import type { PushMeter } from './push-meter.js';
import type { Relay } from './relay.js';
import { type RemoteFile, wholeBlocks } from './remote-file.js';
import { untilBoardChanges } from './until-board-changes.js';

export interface PushFileOptions {
  nodeId: string;
  nodeName: string;
  file: ModelFile;
  /** Length of what is there of the file unfinished. */
  partBytes: number;
  local: LocalFile;
  remote: RemoteFile;
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
    const sha256 = await sendAndFollow(options);
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

/** Resolves with the SHA-256 that the node has read of the whole, named if it is the right one; the first failure ends the rest. */
async function sendAndFollow(options: PushFileOptions): Promise<string> {
  const { nodeId, file, board, local, remote, relay, meter, nowMs } = options;
  const failing = new AbortController();
  const signal = AbortSignal.any([options.signal, failing.signal]);
  async function* blocksToSend(): AsyncGenerator<{ index: number; bytes: AsyncIterable<Uint8Array> }> {
    while (!board.isComplete(nodeId)) {
      signal.throwIfAborted();
      const index = board.next(nodeId, nowMs());
      if (index === null) await untilBoardChanges(board, signal);
      else yield { index, bytes: local.readBlock(index, relay?.isSharing ?? false) };
    }
  }
  async function* blocksInOrder(): AsyncGenerator<number> {
    for (let index = 0; index < board.blockCount; index++) {
      while (!board.holds(nodeId, index)) {
        signal.throwIfAborted();
        await untilBoardChanges(board, signal);
      }
      yield index;
    }
  }
  const written = (index: number): void => {
    if (index >= blockCount(file.sizeBytes)) return;
    const isNew = !board.holds(nodeId, index);
    board.noteWritten(nodeId, index);
    meter.addWritten(blockLength(file.sizeBytes, index), isNew);
  };
  const writing = remote.write(blocksToSend(), { written, sent: (bytes) => meter.addSent(bytes) });
  const isRight = async (sha256: string): Promise<boolean> => {
    // A block may have come from a peer while it was being written: nothing gets a name while anything writes.
    await writing;
    meter.enter('finishing');
    return sha256 === file.sha256;
  };
  const work = [writing, remote.follow(blocksInOrder(), isRight)] as const;
  for (const part of work) part.catch((thrown: unknown) => failing.abort(thrown));
  try {
    const [, sha256] = await Promise.all(work);
    return sha256;
  } finally {
    await Promise.allSettled(work);
  }
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
