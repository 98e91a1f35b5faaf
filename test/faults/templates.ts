// Data folders to start with, made once by the program itself and copied: a provisioned testbed of virtual nodes with the sample's captions.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramProcess } from './program-process.js';

export interface TemplateWish {
  nodes: number;
  timeScale: number;
  /** With a finished run of so many tasks. */
  finishedTasks?: number;
}

export const TESTBED = 'Lab';
export const DATASET = 'sample-prompts';
const SAMPLE = join(import.meta.dirname, '../../resources/prompts/sample-prompts.txt');

const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 31_000;

export class Templates {
  readonly #folder: string;
  readonly #made = new Map<string, Promise<string>>();
  /** Below the range from which systems draw ports for outgoing connections, and elsewhere in the next suite. */
  #nextPort = LOWEST_PORT + ((process.pid * 97) % (HIGHEST_PORT - LOWEST_PORT));

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies the folder that fits to `dataDir`, which must not be there yet. */
  async copyTo(dataDir: string, wish: TemplateWish): Promise<void> {
    const name = `${wish.nodes}-nodes-x${wish.timeScale}-${wish.finishedTasks ?? 0}-done`;
    const making = this.#made.get(name) ?? this.#make(join(this.#folder, name), wish);
    this.#made.set(name, making);
    const template = await making;
    cpSync(template, dataDir, { recursive: true });
    for (const id of readdirSync(join(dataDir, 'virtual-nodes'))) {
      const installDir = join(dataDir, 'virtual-nodes', id, 'home/.dedgeai');
      // Each node has kept where it found its Node.js: in its own folder.
      rewrite(join(installDir, 'node-path'), (text) => text.replaceAll(template, dataDir));
      // Copies have the same certificates: on the same port, one would be taken for the other.
      rewrite(join(installDir, 'config.json'), (text) => text.replace(/("port": )\d+/, `$1${this.#nextPort++}`));
    }
  }

  async #make(dataDir: string, { nodes, timeScale, finishedTasks }: TemplateWish): Promise<string> {
    mkdirSync(dataDir, { recursive: true });
    await run([
      'testbed',
      'create-virtual',
      '--name',
      TESTBED,
      '--nodes',
      String(nodes),
      '--time-scale',
      String(timeScale),
      '--data',
      dataDir,
    ]);
    await run(['provision', TESTBED, '--accept-new', '--data', dataDir]);
    await run(['dataset', 'import', SAMPLE, '--data', dataDir]);
    if (finishedTasks !== undefined) await run([...startRunWords(finishedTasks), '--data', dataDir]);
    return dataDir;
  }
}

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** A run whose time scale this machine need not keep: that is not what is looked at. */
export function startRunWords(taskCount: number): string[] {
  return ['run', 'start', '--testbed', TESTBED, '--dataset', DATASET, '--count', String(taskCount), '--repeat-prompts', '--allow-overload'];
}

async function run(words: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await new ProgramProcess(words).ended;
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}
