// The terminal: the same services as the window, for scripts and batch work.
import { Command, CommanderError, Option } from 'commander';
import { addAppCommands } from './cli/app-commands.js';
import { addCalibrateCommand } from './cli/calibrate-command.js';
import { addDataCommands } from './cli/data-commands.js';
import { addDatasetCommands } from './cli/dataset-commands.js';
import { addFactsCommand } from './cli/facts-commands.js';
import { addLogCommands } from './cli/log-commands.js';
import { addModelCommands } from './cli/model-commands.js';
import { addNodeCommands } from './cli/node-commands.js';
import { addProvisionCommand } from './cli/provision-command.js';
import { addRunCommands } from './cli/run-commands.js';
import { addSecretCommands } from './cli/secret-commands.js';
import { addStudyCommands } from './cli/study-commands.js';
import { printError, printUsageError } from './cli/terminal.js';
import { addTestbedCommands } from './cli/testbed-commands.js';
import { addTrainCommands } from './cli/train-commands.js';
import { addTrainingCommands } from './cli/training-commands.js';
import { defaultDataDir } from './default-data-dir.js';
import { PROGRAM_VERSION } from './program-version.js';

const EXIT_CODES = `
Exit status: 0 done; 1 fault of the program; 2 wrong use or bad input; 3 not found; 4 conflict or data folder in use;
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
    process.exitCode = printError(thrown, isJson());
  }
}

addTestbedCommands(program, run);
addNodeCommands(program, run);
addSecretCommands(program, run);
addFactsCommand(program, run);
addProvisionCommand(program, run);
addDatasetCommands(program, run);
addRunCommands(program, run);
addModelCommands(program, run);
addCalibrateCommand(program, run);
addTrainCommands(program, run);
addTrainingCommands(program, run);
addStudyCommands(program, run);
addDataCommands(program, run);
addAppCommands(program, run);
addLogCommands(program, run);

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
  process.exitCode = thrown.exitCode === 0 ? 0 : printUsageError(thrown.message, isJson());
}
