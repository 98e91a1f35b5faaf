/**
 * Calls `onClosed` once when what reads the output is gone (`dedgeai run list | head -1`, a launcher that ended): without it the next write
 * ends the process with an internal error. What is written afterwards is dropped.
 */
export function watchClosedPipes(streams: readonly NodeJS.WriteStream[], onClosed: () => void): void {
  let isClosed = false;
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (isClosed) return;
      isClosed = true;
      onClosed();
    });
  }
}
