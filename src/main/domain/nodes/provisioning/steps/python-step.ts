// Python for the image worker: the worker's files, and a Python that has the libraries: the device's own, or an environment of ours made
// from wheels of this machine, over what the device has (a Jetson's torch is built for it). The device needs no internet.
import type { StepFinding } from '../../../../../shared/provisioning.js';
import { hasT5 } from '../../../../../shared/model-variant.js';
import { pushBytes, SHA256_SHELL_FUNCTION } from '../../../../adapters/ssh/push-bytes.js';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { blocked, blockedError, nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';
import { downloadCommand, extraLibraries, listFittingWheels, severalTorches } from '../python/cached-wheels.js';
import { FIND_PYTHON_COMMAND, type FoundPython, parsePythons, VENV_DIR } from '../python/find-python.js';
import { LAUNCHER, launcherOf } from '../python/launcher.js';
import { type EnvironmentPlan, makeEnvironment, OPEN_CLIP, WHEELS_DIR } from '../python/make-environment.js';
import { proveTorch } from '../python/prove-torch.js';
import { hasT5Tokenizer, hasTokenizers, listWorkerFiles, type WorkerFile } from '../python/worker-files.js';
import { removePaths } from '../remove-paths.js';

/** Written by the agent (allocator-choice.ts). */
const ALLOCATOR_FILE = `${INSTALL_DIR}/worker-allocator.json`;
const WORKER_DIR = `${INSTALL_DIR}/worker`;
interface Looked {
  finding: StepFinding;
  /** Whether the node's worker is one that needs a Python. */
  isNeeded: boolean;
  /** To be sent, the launcher included. */
  missingFiles: WorkerFile[];
  /** Where an environment is to be made or added to. */
  install: EnvironmentPlan | null;
}

export const pythonStep: ProvisioningStep = {
  async inspect(session) {
    const { finding, isNeeded } = await look(session);
    return (finding.verdict === 'nothing' && isNeeded ? await proveTorch(session) : null) ?? finding;
  },
  async apply(session) {
    const { finding, isNeeded, missingFiles, install } = await look(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    if (finding.verdict === 'nothing') {
      if (isNeeded) await requireKernel(session);
      return { state: 'unchanged', detail: finding.why };
    }
    // A running agent keeps its worker as it was loaded; without this mark it is started again.
    await session.run('make the folder of its worker', `umask 077; mkdir -p ${WORKER_DIR} && rm -f ${INSTALL_DIR}/agent.started`);
    if (install) await makeEnvironment(session, install);
    // The launcher comes after the environment that it starts.
    for (const file of install ? (await look(session)).missingFiles : missingFiles) await sendFile(session, file);
    const after = await look(session);
    if (after.finding.verdict !== 'nothing') throw blockedError(session.node.name, after.finding);
    await requireKernel(session);
    return { state: 'changed', detail: after.finding.why };
  },
  remove: (session) => removePaths(session, { what: "the worker's Python", paths: [WORKER_DIR, VENV_DIR, WHEELS_DIR, ALLOCATOR_FILE] }),
};

async function look(session: NodeSession): Promise<Looked> {
  const { desired, tools } = session;
  const isNeeded = desired.worker !== 'simulated';
  const finish = (finding: StepFinding): Looked => ({ finding, isNeeded, missingFiles: [], install: null });
  if (!isNeeded) return finish(nothingToDo('The simulated worker needs no Python.'));
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
  if (model?.layout === 'all-in-one' && hasT5(model) && !hasT5Tokenizer(files)) {
    const remedy = `Copy the folder tokenizer_3 of the diffusers release of SD3 medium to ${settingsDir}, or refine the model (npm run cli -- model strip) to run it without T5-XXL.`;
    return finish(blocked(`the model “${model.name}” is one file with T5-XXL, and T5's tokenizer is not here.`, remedy));
  }
  const needsTokenizers = model?.layout === 'all-in-one' && !hasTokenizers(files);
  if (fitting && !(needsTokenizers && !fitting.hasOpenClip)) {
    const extras = fitting.isOurs ? extraLibraries(await listFittingWheels(wheelsDir, fitting, session.facts.jetpack)) : [];
    const lacking = extras.filter((wheel) => !fitting.nvidia.includes(wheel.package));
    if (lacking.length > 0) {
      const names = lacking.map((wheel) => wheel.package).join(', ');
      return {
        ...finish(toChange(`Its environment lacks ${names}, which lies among the wheels of this machine.`, [`~/${VENV_DIR}: ${names}`])),
        install: { from: fitting, wheels: lacking, onlyExtras: lacking },
      };
    }
    const missingFiles = await findMissing(session, [...files, launcherOf(fitting)]);
    const which = `Python ${fitting.version} ${fitting.isOurs ? 'of this program' : 'of the device'} has torch ${fitting.torch} and diffusers ${fitting.diffusers}`;
    if (missingFiles.length === 0) return finish(nothingToDo(`${which}, and the worker's files are there.`));
    return {
      ...finish(toChange(`${which}; the worker's files are not all there.`, [describeFiles(missingFiles)])),
      missingFiles,
    };
  }
  const from = pythons.find(({ isOurs, hasVenv }) => !isOurs && hasVenv);
  if (!from) {
    return finish(
      blocked(`its Python ${first.version} can't make a virtual environment.`, 'Install there: sudo apt-get install python3-venv'),
    );
  }
  const wheels = await listFittingWheels(wheelsDir, from, session.facts.jetpack);
  const torches = from.missing.includes('torch') ? severalTorches(wheels) : [];
  if (torches.length > 0) {
    const names = torches.map(({ fileName }) => printable(fileName)).join(' and ');
    return finish(
      blocked(
        `there are several wheels of torch for it in ${wheelsDir}: ${names}. Pip would take the higher version, which may be built for another CUDA.`,
        "Keep the one that was built for this device's JetPack and move the others out of the folder (docs/worker.md).",
      ),
    );
  }
  const needed = [...from.missing, ...(from.hasPip ? [] : ['pip']), ...(needsTokenizers && !from.hasOpenClip ? [OPEN_CLIP] : [])];
  const lacking = needed.filter((name) => !wheels.some((wheel) => wheel.package === name));
  if (lacking.length > 0) return finish(lackOfWheels(from, lacking, { wheelsDir, settingsDir, needsTokenizers }));
  const why = `Python ${from.version} of the device lacks ${needed.join(', ')}.`;
  const changes = [
    `~/${VENV_DIR}: an environment over the device's Python with ${needed.join(', ')}, from ${wheels.length} wheels of this machine`,
    describeFiles(await findMissing(session, [...files, launcherOf(from)])),
  ];
  return { ...finish(toChange(why, changes)), install: { from, wheels, onlyExtras: null } };
}

/** Throws where torch does not compute on the device's GPU. */
async function requireKernel(session: NodeSession): Promise<void> {
  const problem = await proveTorch(session);
  if (problem) throw blockedError(session.node.name, problem);
}

function lackOfWheels(
  python: FoundPython,
  lacking: readonly string[],
  folders: { wheelsDir: string; settingsDir: string; needsTokenizers: boolean },
): StepFinding {
  const packages = lacking.filter((name) => name !== OPEN_CLIP);
  const remedies = packages.length > 0 ? [`Where there is internet, run: ${downloadCommand(packages, folders.wheelsDir, python)}`] : [];
  if (packages.includes('torch') && python.machine === 'aarch64') {
    remedies.push(
      'On a Jetson, fetch them with torch built for its JetPack instead: npm run cli -- wheels fetch --jetpack 6 (docs/worker.md).',
    );
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
