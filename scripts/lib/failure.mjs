/** A failure that a script foresees: printed as two plain lines, without a stack. */
export class Failure extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** Runs a script's main function; sets the exit status and prints what went wrong in plain words. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof Failure) {
      console.error(error.message);
      if (error.hint) console.error(error.hint);
    } else {
      console.error(error);
    }
    process.exitCode = 1;
  }
}

/** Stops with a clear word on a Node.js that cannot run the scripts. */
export function requireNodeVersion() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new Failure(`Node.js ${process.versions.node} is too old.`, 'Install Node.js 20 or newer from https://nodejs.org and try again.');
  }
}
