/**
 * Resolves when the program is asked to end: Ctrl-C, SIGTERM, a closed terminal, or the death of the launcher it is tied to.
 * A second Ctrl-C ends it at once.
 */
export function untilStopped(program: NodeJS.Process = process): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (): void => {
      isStopping = true;
      resolve();
    };
    const interrupt = (): void => (isStopping ? program.exit(130) : stop());
    program.on('SIGINT', interrupt).on('SIGTERM', stop).on('SIGHUP', stop);
    if (program.connected) program.once('disconnect', stop);
  });
}
