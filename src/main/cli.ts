// The terminal: the same services as the window, for scripts and batch work.
import { Command, CommanderError, Option } from 'commander';
import { addCommands, findCommandWord } from './shells/cli/command-groups.js';
import { keepCompiledCode } from './shells/cli/keep-compiled-code.js';
import { defaultDataDir } from './foundation/default-data-dir.js';
import { PROGRAM_VERSION } from './foundation/program-version.js';

const EXIT_CODES = `
Exit status: 0 done; 1 internal error; 2 wrong use or bad input; 3 not found; 4 conflict or data folder in use;
5 partly failed; 6 node unreachable; 7 host key unknown, changed or revoked; 8 disk or database; 9 not supported; 130 interrupted.`;

const program = new Command('dedgeai')
  .description('DEdgeAI Control Center: edge testbeds that generate images, from the terminal')
  .version(PROGRAM_VERSION)
  .addOption(new Option('--data <folder>', 'data folder').default(defaultDataDir()))
  .option('--json', 'one JSON document on standard output', false)
  .addHelpText('after', EXIT_CODES)
  .exitOverride()
  .showHelpAfterError('(--help shows the usage)');

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

keepCompiledCode();
const words = process.argv.slice(2);
const commandWord = findCommandWord(words);
const isVersionAsked = commandWord === null && (words.includes('--version') || words.includes('-V'));
if (!isVersionAsked) await addCommands(program, run, commandWord);

// `--data` and `--json` may stand after the subcommand as well: people write them there.
for (const command of program.commands.flatMap((parent) => [parent, ...parent.commands])) {
  if (command.commands.length > 0) continue;
  command
    .addOption(new Option('--data <folder>', 'data folder'))
    .addOption(new Option('--json', 'one JSON document on standard output'))
    .addOption(new Option('--vault-passphrase-stdin', 'the first line of standard input unlocks the vault with the secrets'));
  command.exitOverride();
}

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
