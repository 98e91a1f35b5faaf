/** Within this time a second Ctrl-C is the echo of the first: a launcher passes on what the terminal has sent to everyone anyway. */
const ECHO_MS = 500;
/** What is not closed by then is cut off: the data is durable at every moment. Closing bounds its own steps below this. */
const END_WITHIN_MS = 4_800;

/**
 * Resolves when the program is asked to end: Ctrl-C, SIGTERM, a closed terminal, or the death of the launcher it is tied to. From then on
 * the process ends within five seconds, whatever still holds it; a later second Ctrl-C ends it at once.
 */
export function untilStopped(program: NodeJS.Process = process): Promise<void> {
  return new Promise((resolve) => {
    let stoppedAtMs: number | null = null;
    const stop = (): void => {
      if (stoppedAtMs !== null) return;
      stoppedAtMs = performance.now();
      setTimeout(() => program.exit(1), END_WITHIN_MS).unref();
      // The channel to the launcher would keep this process alive after everything else has ended: that launcher waits for our end.
      program.off('disconnect', stop);
      if (program.connected) program.disconnect();
      resolve();
    };
    const interrupt = (): void => {
      if (stoppedAtMs !== null && performance.now() - stoppedAtMs > ECHO_MS) program.exit(130);
      stop();
    };
    program.on('SIGINT', interrupt).on('SIGTERM', stop).on('SIGHUP', stop);
    if (program.connected) program.once('disconnect', stop);
  });
}
