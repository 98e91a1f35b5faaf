import { Command, CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addTrainingCommands } from '../../../src/main/shells/cli/training-commands.js';

/** Runs one command of the simulator in this process; what it threw or its exit status, and what it printed. */
async function runCommand(...words: string[]): Promise<{ status: number | null; stdout: string }> {
  let stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  let status: number | null = null;
  const program = new Command('dedgeai').option('--json', 'JSON', false).exitOverride();
  addTrainingCommands(program, async (act) => {
    status = await act();
  });
  for (const command of program.commands.flatMap((parent) => [parent, ...parent.commands])) command.exitOverride();
  await program.parseAsync(words, { from: 'user' });
  return { status, stdout };
}

const small = ['--base-stations', '3', '--slots', '4', '--max-tasks', '5', '--seeds', '2', '--episodes', '1'];

afterEach(() => vi.restoreAllMocks());

describe('evaluate', () => {
  it('prints one JSON document with the named policies in their order', async () => {
    const { status, stdout } = await runCommand('--json', 'evaluate', '--policy', 'random, local', '--preset', 'paper', ...small);
    const document = JSON.parse(stdout) as { policies: { policy: string }[]; config: { slots: number } };
    expect(status).toBe(0);
    expect(document.config.slots).toBe(4);
    expect(document.policies.map((row) => row.policy)).toEqual(['random', 'local']);
  });

  it('prints a table of all policies for people', async () => {
    const { stdout } = await runCommand('evaluate', ...small);
    expect(stdout).toMatch(/^policy +mean delay \(s\) +p95 \(s\) +ratio to Opt-TS$/m);
    expect(stdout).toMatch(/^opt-ts +\d+\.\d\d ± \d+\.\d\d .* 1\.000 ± 0\.000$/m);
    expect(stdout).toContain('Preset reference, 2 seeds of 1 episodes');
  });

  it('takes policies from several words', async () => {
    const { stdout } = await runCommand('--json', 'evaluate', '--policy', 'random', '--policy', 'local,opt-ts', ...small);
    const { policies } = JSON.parse(stdout) as { policies: { policy: string }[] };
    expect(policies.map((row) => row.policy)).toEqual(['random', 'local', 'opt-ts']);
  });

  it.each([
    ['--policy', 'random,,local'],
    ['--seeds', '1.5'],
    ['--max-capacity', 'fast'],
  ])('refuses %s %s', async (option, word) => {
    await expect(runCommand('evaluate', option, word)).rejects.toThrow(CommanderError);
  });
});

describe('policy', () => {
  it('list names every policy with what it needs to know', async () => {
    expect((await runCommand('policy', 'list')).stdout).toMatch(/^capacity-proportional +.* capacities$/m);
  });

  it('check says that a shipped policy is good', async () => {
    const { status, stdout } = await runCommand('--json', 'policy', 'check', 'local');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      { policy: 'local', preset: 'paper', problems: [] },
      { policy: 'local', preset: 'reference', problems: [] },
    ]);
  });
});
