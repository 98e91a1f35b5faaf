// The program that commander parses, without its commands, and the options that every command has. Runs nothing.
import { Command, Option } from 'commander';
import { describeExitStatuses } from './exit-statuses.js';

/** @param program `dataDir`: the data folder where none is named */
export function createProgram({ dataDir, version }: { dataDir: string; version: string }): Command {
  return new Command('dedgeai')
    .description('DEdgeAI Control Center: edge testbeds that generate images, from the terminal')
    .version(version)
    .addOption(new Option('--data <folder>', 'data folder').default(dataDir))
    .option('--json', 'one JSON document on standard output', false)
    .addHelpText('after', `\n${describeExitStatuses()}`)
    .exitOverride()
    .showHelpAfterError('(--help shows the usage)');
}

/** Adds to the commands that are there what all of them have: `--data` and `--json` may come after the subcommand as well, where people write them. */
export function addCommonOptions(program: Command): void {
  for (const command of program.commands.flatMap((parent) => [parent, ...parent.commands])) {
    if (command.commands.length > 0) continue;
    command
      .addOption(new Option('--data <folder>', 'data folder'))
      .addOption(new Option('--json', 'one JSON document on standard output'))
      .addOption(new Option('--vault-passphrase-stdin', 'the first line of standard input unlocks the vault with the secrets'));
    command.exitOverride();
  }
}
