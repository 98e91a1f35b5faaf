/** Within this time a second Ctrl-C is the echo of the first: a launcher passes on what the terminal has sent to everyone anyway. */
const ECHO_MS = 500;

/**
 * Resolves when the program is asked to end: Ctrl-C, SIGTERM, a closed terminal, or the death of the launcher it is tied to.
 * A later second Ctrl-C ends it at once.
 */
export function untilStopped(program: NodeJS.Process = process): Promise<void> {
  return new Promise((resolve) => {
    let stoppedAtMs: number | null = null;
    const stop = (): void => {
      stoppedAtMs ??= performance.now();
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
