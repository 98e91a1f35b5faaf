// A board of its own and the terminal of a user who has it as the one node of a testbed: commands of the program, with a home and a data folder of
// the test, and the board's secrets in a vault.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProvisioningRun } from '../../../src/shared/provisioning.js';
import { runCliJson } from '../cli.js';
import { makeNodesDir, removeLeftovers } from '../namespaces/nodes-dir.js';
import { NodeNetwork } from '../namespaces/node-network.js';
import { type Board, startBoard } from './board-machine.js';

const PASSPHRASE = 'a long passphrase of the vault';

export interface BoardHarness {
  board: Board;
  /** `provision Lab`, as it ended. */
  provision(...words: string[]): Promise<ProvisioningRun['nodes'][number] & { status: number | null }>;
  /** `provision Lab --check`: what would be done for the agent to be kept running. */
  planService(...words: string[]): Promise<{ verdict: string; why: string | null; remedy: string | null; changes: string[] }>;
  giveSudoPassword(password: string): Promise<void>;
  forgetSudoPassword(): Promise<void>;
  /** Everything that the program printed so far. */
  printed(): string;
  close(): Promise<void>;
}

/** The board is named orin, in the testbed Lab; nothing is on it yet. `cliPath`: the built command line. */
export async function openBoardHarness(cliPath: string): Promise<BoardHarness> {
  removeLeftovers();
  const dir = makeNodesDir();
  const dataDir = join(dir, 'data');
  mkdirSync(join(dir, 'home'));
  const network = await NodeNetwork.open();
  let board: Board | null = null;
  const close = async (): Promise<void> => {
    await board?.powerOff();
    await network.close();
    rmSync(dir, { recursive: true, force: true });
  };
  let printed = '';
  const env = { ...process.env, HOME: join(dir, 'home'), SSH_AUTH_SOCK: '' };
  const withInput = async (stdin: string, words: string[]) => {
    const outcome = await runCliJson([...words, '--data', dataDir], { cliPath, env, stdin });
    printed += outcome.stdout + outcome.stderr;
    return outcome;
  };
  const must = async (stdin: string, ...words: string[]): Promise<void> => {
    const { status, stdout, stderr } = await withInput(stdin, words);
    if (status !== 0) throw new Error(`${words.join(' ')} ended with status ${status}: ${stdout}${stderr}`);
  };
  const vault = (words: string[]) => withInput(`${PASSPHRASE}\n`, [...words, '--vault-passphrase-stdin']);
  try {
    board = await startBoard({ name: 'orin', dir: join(dir, 'orin'), network });
    await must(`${PASSPHRASE}\n`, 'secret', 'create-vault', '--vault-passphrase-stdin');
    const login = ['--no-config', '--user', board.user, '--key', board.keyPath, '--name', 'orin'];
    await must('', 'node', 'add', 'Lab', board.address, ...login);
    return {
      board,
      provision: async (...words) => {
        const { status, document } = await vault(['provision', 'Lab', ...(words.includes('--remove') ? [] : ['--accept-new']), ...words]);
        const node = (document as ProvisioningRun).nodes?.[0];
        if (!node) throw new Error(`No provisioning: ${JSON.stringify(document)}`);
        return { ...node, status };
      },
      planService: async (...words) => {
        const { document } = await vault(['provision', 'Lab', '--check', '--accept-new', ...words]);
        type Plan = { nodes: { steps: ({ name: string } & Awaited<ReturnType<BoardHarness['planService']>>)[] }[] };
        const step = (document as Plan).nodes?.[0]?.steps.find(({ name }) => name === 'service');
        if (!step) throw new Error(`No plan: ${JSON.stringify(document)}`);
        return step;
      },
      giveSudoPassword: (password) =>
        must(`${PASSPHRASE}\n${password}\n`, 'node', 'login', 'orin', '--sudo-password-stdin', '--vault-passphrase-stdin'),
      forgetSudoPassword: () => must('', 'secret', 'forget', 'orin', '--kind', 'sudo-password', '--yes'),
      printed: () => printed,
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
