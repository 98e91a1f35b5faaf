// The terminal: the same services as the window, for scripts and batch work.
import { CommanderError } from 'commander';
import { addCommands, findCommandWord } from './shells/cli/command-groups.js';
import { addCommonOptions, createProgram } from './shells/cli/create-program.js';
import { keepCompiledCode } from './shells/cli/keep-compiled-code.js';
import { watchClosedPipes } from './foundation/closed-pipe.js';
import { defaultDataDir } from './foundation/default-data-dir.js';
import { PROGRAM_VERSION } from './foundation/program-version.js';

const program = createProgram({ dataDir: defaultDataDir(), version: PROGRAM_VERSION });

const isJson = (): boolean => program.opts<{ json: boolean }>().json || process.argv.includes('--json');

/** Runs a command and turns its outcome into the exit status. */
async function run(act: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await act();
  } catch (thrown) {
    const { printError } = await import('./shells/cli/terminal.js');
    process.exitCode = printError(thrown, isJson());
  }
}

/** No one reads on: long work ends as by Ctrl-C, resumable where that is, and anything else at once. */
function endLikeCtrlC(): void {
  if (process.listenerCount('SIGINT') === 0) process.exit(130);
  process.emit('SIGINT');
}

keepCompiledCode();
watchClosedPipes([process.stdout, process.stderr], endLikeCtrlC);
const words = process.argv.slice(2);
const commandWord = findCommandWord(words);
const isVersionAsked = commandWord === null && (words.includes('--version') || words.includes('-V'));
if (!isVersionAsked) await addCommands(program, run, commandWord);
addCommonOptions(program);

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  // Commander has printed the help, the version or what is wrong, for people.
  if (thrown.exitCode === 0) process.exitCode = 0;
  else {
    const { printUsageError } = await import('./shells/cli/terminal.js');
    process.exitCode = printUsageError(thrown.message, isJson());
  }
}
