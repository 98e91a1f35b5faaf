import type { Command } from 'commander';
import { addCommands } from '../../src/main/shells/cli/command-groups.js';
import { addCommonOptions, createProgram } from '../../src/main/shells/cli/create-program.js';

/** The command line with all of its commands, none of which does anything. */
export async function createWholeProgram(): Promise<Command> {
  const program = createProgram({ dataDir: '/data', version: '1.0.0' });
  await addCommands(program, () => Promise.resolve(), null);
  addCommonOptions(program);
  return program;
}
