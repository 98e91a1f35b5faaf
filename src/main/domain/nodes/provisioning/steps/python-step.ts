// Python for the image worker: the worker's files, and a Python that has the libraries: the device's own, or an environment of ours made
// from wheels of this machine, over what the device has (a Jetson's torch is built for it). The device needs no internet.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { StepFinding } from '../../../../../shared/provisioning.js';
import { pushBytes, SHA256_SHELL_FUNCTION } from '../../../../adapters/ssh/push-bytes.js';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { blocked, blockedError, nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';
import { downloadCommand, listFittingWheels, type Wheel } from '../python/cached-wheels.js';
import { FIND_PYTHON_COMMAND, type FoundPython, parsePythons, VENV_DIR } from '../python/find-python.js';
import { hasTokenizers, listWorkerFiles, type WorkerFile } from '../python/worker-files.js';
import { removePaths } from '../remove-paths.js';

const WORKER_DIR = `${INSTALL_DIR}/worker`;
const WHEELS_DIR = `${INSTALL_DIR}/wheels`;
/** Runs the Python that was chosen; the agent's configuration names this one. */
const LAUNCHER = 'python';
const PUSH_TIMEOUT_MS = 3_600_000;
const INSTALL_TIMEOUT_MS = 1_800_000;
const OPEN_CLIP = 'open-clip-torch';

interface Looked {
  finding: StepFinding;
  /** To be sent, the launcher included. */
  missingFiles: WorkerFile[];
  /** Where an environment is to be made: from which Python, and of which wheels. */
  install: { from: FoundPython; wheels: Wheel[] } | null;
}

export const pythonStep: ProvisioningStep = {
  inspect: async (session) => (await look(session)).finding,
  async apply(session) {
    const { finding, missingFiles, install } = await look(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    if (finding.verdict === 'nothing') return { state: 'unchanged', detail: finding.why };
    // A running agent keeps its worker as it was loaded; without this mark it is started again.
    await session.run('make the folder of its worker', `umask 077; mkdir -p ${WORKER_DIR} && rm -f ${INSTALL_DIR}/agent.started`);
    if (install) await makeEnvironment(session, install.from, install.wheels);
    // The launcher comes after the environment that it starts.
    for (const file of install ? (await look(session)).missingFiles : missingFiles) await sendFile(session, file);
    const after = await look(session);
    if (after.finding.verdict !== 'nothing') throw blockedError(session.node.name, after.finding);
    return { state: 'changed', detail: after.finding.why };
  },
  remove: (session) => removePaths(session, { what: "the worker's Python", paths: [WORKER_DIR, VENV_DIR, WHEELS_DIR] }),
};

async function look(session: NodeSession): Promise<Looked> {
  const { desired, tools } = session;
  const finish = (finding: StepFinding): Looked => ({ finding, missingFiles: [], install: null });
  if (desired.worker === 'simulated') return finish(nothingToDo('The simulated worker needs no Python.'));
  const { filesDir, settingsDir, wheelsDir } = tools.worker;
  const pythons = parsePythons(await session.run('report its Python', FIND_PYTHON_COMMAND));
  const [first] = pythons;
  if (!first) return finish(blocked('it has no Python 3.8 or newer.', 'Install it there: sudo apt-get install python3 python3-venv'));
  const fitting = pythons.find(({ missing }) => missing.length === 0);
  const files = await listWorkerFiles(filesDir, settingsDir);
  const model = desired.modelId === null ? null : tools.models.find(desired.modelId);
  if (model?.layout === 'split') {
    const remedy = 'Take the all-in-one file or the diffusers folder of the same model.';
    return finish(blocked(`the worker can't open the model “${model.name}”, which is a folder of split files.`, remedy));
  }
  const needsTokenizers = model?.layout === 'all-in-one' && !hasTokenizers(files);
  if (fitting && !(needsTokenizers && !fitting.hasOpenClip)) {
    const missingFiles = await findMissing(session, [...files, launcherOf(fitting)]);
    const which = `Python ${fitting.version} ${fitting.isOurs ? 'of this program' : 'of the device'} has torch ${fitting.torch} and diffusers ${fitting.diffusers}`;
    if (missingFiles.length === 0) return finish(nothingToDo(`${which}, and the worker's files are there.`));
    return {
      finding: toChange(`${which}; the worker's files are not all there.`, [describeFiles(missingFiles)]),
      missingFiles,
      install: null,
    };
  }
  const from = pythons.find(({ isOurs, hasVenv }) => !isOurs && hasVenv);
  if (!from) {
    return finish(
      blocked(`its Python ${first.version} can't make a virtual environment.`, 'Install there: sudo apt-get install python3-venv'),
    );
  }
  const wheels = await listFittingWheels(wheelsDir, from);
  const needed = [...from.missing, ...(needsTokenizers && !from.hasOpenClip ? [OPEN_CLIP] : [])];
  const lacking = needed.filter((name) => !wheels.some((wheel) => wheel.package === name));
  if (lacking.length > 0) return finish(lackOfWheels(from, lacking, { wheelsDir, settingsDir, needsTokenizers }));
  const why = `Python ${from.version} of the device lacks ${needed.join(', ')}.`;
  const changes = [
    `~/${VENV_DIR}: an environment over the device's Python with ${needed.join(', ')}, from ${wheels.length} wheels of this machine`,
    describeFiles(await findMissing(session, [...files, launcherOf(from)])),
  ];
  return { finding: toChange(why, changes), missingFiles: [], install: { from, wheels } };
}

function lackOfWheels(
  python: FoundPython,
  lacking: readonly string[],
  folders: { wheelsDir: string; settingsDir: string; needsTokenizers: boolean },
): StepFinding {
  const packages = lacking.filter((name) => name !== OPEN_CLIP);
  const remedies = packages.length > 0 ? [`Where there is internet, run: ${downloadCommand(packages, folders.wheelsDir, python)}`] : [];
  if (packages.includes('torch') && python.machine === 'aarch64') {
    remedies.push("On a Jetson, take torch from JetPack's own index instead, so that it knows the GPU (docs/worker.md).");
  }
  if (lacking.includes(OPEN_CLIP)) {
    const command = `pip download --no-deps --dest "${folders.wheelsDir}" open_clip_torch`;
    remedies.push(
      `The model is one file without tokenizers: copy tokenizer and tokenizer_2 of the diffusers release to ${folders.settingsDir}, or run: ${command}`,
    );
  }
  const why = `its Python ${python.version} lacks ${lacking.join(', ')}, and there are no wheels of them for it in ${folders.wheelsDir}.`;
  return blocked(why, remedies.join(' '));
}

/** Over the device's packages, so that a torch that is there is taken. What a cut left is made again. */
async function makeEnvironment(session: NodeSession, from: FoundPython, wheels: readonly Wheel[]): Promise<void> {
  await session.run('make its folder for wheels', `umask 077; mkdir -p ${WHEELS_DIR}`);
  for (const { fileName, path } of wheels) {
    const bytes = await readFile(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const remotePath = `${WHEELS_DIR}/${fileName}`;
    const there = await session.run(
      'report its wheels',
      `${SHA256_SHELL_FUNCTION}\nif [ -f ${shellQuote(remotePath)} ]; then sha256 < ${shellQuote(remotePath)}; fi`,
    );
    if (there.trim() === sha256) continue;
    session.log(`Sending ${fileName}, ${(bytes.length / 1e6).toFixed(1)} MB`);
    await pushBytes(session.connection, { bytes, sha256, remotePath, mode: 0o600, signal: session.signal, timeoutMs: PUSH_TIMEOUT_MS });
  }
  const packages = [...new Set([...from.missing, ...(wheels.some((wheel) => wheel.package === OPEN_CLIP) ? [OPEN_CLIP] : [])])];
  const hasOnlyOpenClip = packages.every((name) => name === OPEN_CLIP);
  session.log(`Installing ${packages.join(', ')} ...`);
  // open_clip is there for its vocabulary alone; what it would bring along is not needed.
  const pip = `${VENV_DIR}/bin/python3 -m pip install --quiet --disable-pip-version-check --no-index --find-links ${WHEELS_DIR}`;
  const libraries = packages.filter((name) => name !== OPEN_CLIP);
  await session.run(
    'make the Python environment of its worker',
    [
      'umask 077',
      `rm -rf ${VENV_DIR} && ${shellQuote(from.path)} -m venv --system-site-packages ${VENV_DIR} || exit 1`,
      ...(hasOnlyOpenClip ? [] : [`${pip} ${libraries.join(' ')} >&2 || exit 1`]),
      ...(packages.includes(OPEN_CLIP) ? [`${pip} --no-deps ${OPEN_CLIP} >&2 || exit 1`] : []),
      `rm -rf ${WHEELS_DIR}`,
    ].join('\n'),
    { timeoutMs: INSTALL_TIMEOUT_MS },
  );
}

function launcherOf({ path }: FoundPython): WorkerFile {
  const bytes = Buffer.from(
    `#!/bin/sh\n# Written by the DEdgeAI control center: the Python of the image worker.\nexec ${shellQuote(path)} "$@"\n`,
  );
  return { path: LAUNCHER, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function findMissing(session: NodeSession, files: readonly WorkerFile[]): Promise<WorkerFile[]> {
  const output = await session.run(
    "report its worker's files",
    [
      SHA256_SHELL_FUNCTION,
      `cd ${WORKER_DIR} 2>/dev/null || exit 0`,
      ...files.map(({ path }) => `if [ -f ${shellQuote(path)} ]; then sha256 < ${shellQuote(path)}; else echo none; fi`),
    ].join('\n'),
  );
  const hashes = output.trim().split('\n');
  return files.filter(({ sha256 }, index) => hashes[index] !== sha256);
}

async function sendFile(session: NodeSession, { path, bytes, sha256 }: WorkerFile): Promise<void> {
  const folder = path.split('/').slice(0, -1).join('/');
  if (folder) await session.run('make a folder of its worker', `umask 077; mkdir -p ${shellQuote(`${WORKER_DIR}/${folder}`)}`);
  const mode = path === LAUNCHER ? 0o700 : 0o600;
  await pushBytes(session.connection, { bytes, sha256, remotePath: `${WORKER_DIR}/${path}`, mode, signal: session.signal });
}

function describeFiles(files: readonly WorkerFile[]): string {
  const kilobytes = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024);
  const names = files.length <= 3 ? files.map(({ path }) => printable(path)).join(', ') : `${files.length} files`;
  return `~/${WORKER_DIR}: ${names}, ${kilobytes} KiB`;
}
