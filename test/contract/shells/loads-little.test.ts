// What a command loads before it does anything, seen from outside: the natives of its process and the packages it required.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addCommands, COMMAND_WORDS } from '../../../src/main/shells/cli/command-groups.js';

const CLI = join(import.meta.dirname, '../../../out/main/cli.js');

/** Tells at the end of a process which natives it has open and which modules it has loaded, on standard error. */
const REPORT = `import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
process.on('exit', () => {
  const natives = process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'));
  process.stderr.write('LOADED ' + JSON.stringify({ natives, loaded }) + '\\n');
});`;

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dedgeai-loads-'));
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

it('loads no native module and none of its core to say its version', async () => {
  const { natives, files } = await loadedBy(['--version']);
  expect(natives).toEqual([]);
  expect(files.filter((name) => /^(core|session|router|schemas)-/.test(name))).toEqual([]);
});

it.each([['run list'], ['testbed list'], ['dataset list'], ['log']])(
  'loads the database and nothing that reaches a node for `%s`',
  async (command) => {
    const { natives, files, urls } = await loadedBy(command.split(' '));
    expect(natives.every((path) => path.includes('better-sqlite3'))).toBe(true);
    expect(urls.filter((url) => /node_modules\/(ssh2|sharp|onnxruntime-node)\//.test(url))).toEqual([]);
    expect(files.filter((name) => /^(agent-client|certificate-authority|agent_pb|ssh-connection|start-web-shell)-/.test(name))).toEqual([]);
    // Node.js loads a whole HTTP client with it, for an export that no one asks for.
    expect(urls).not.toContain('node:http');
  },
);

it('has under every first word the commands that start with it', async () => {
  expect((await namesOf(null)).sort()).toEqual([...COMMAND_WORDS].sort());
  for (const word of COMMAND_WORDS) expect(await namesOf(word)).toContain(word);
});

async function namesOf(word: string | null): Promise<string[]> {
  const program = new Command();
  await addCommands(program, (act) => act().then(() => undefined), word);
  return program.commands.map((command) => command.name());
}

async function loadedBy(words: string[]): Promise<{ natives: string[]; files: string[]; urls: string[] }> {
  const hook = `data:text/javascript,${encodeURIComponent(REPORT)}`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', hook, CLI, ...words, '--data', dataDir]);
  const line = stderr.split('\n').find((candidate) => candidate.startsWith('LOADED '));
  const { natives, loaded } = JSON.parse(line!.slice('LOADED '.length)) as { natives: string[]; loaded: string[] };
  return { natives, urls: loaded, files: loaded.map((url) => basename(url)) };
}
