// The worker's virtual environment on a node, over the device's packages, from wheels that are sent there.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pushBytes, SHA256_SHELL_FUNCTION } from '../../../../adapters/ssh/push-bytes.js';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { extraLibraries, type Wheel } from './cached-wheels.js';
import { type FoundPython, VENV_DIR } from './find-python.js';

export const WHEELS_DIR = `${INSTALL_DIR}/wheels`;
/** For its vocabulary alone; what it would bring along is not needed. */
export const OPEN_CLIP = 'open-clip-torch';
const PUSH_TIMEOUT_MS = 3_600_000;
const INSTALL_TIMEOUT_MS = 1_800_000;
/** What the agent found out of the GPU's memory counts for the Python that it was found with. */
const REMEMBERED_ALLOCATOR = `${INSTALL_DIR}/worker-allocator.json`;

export interface EnvironmentPlan {
  from: FoundPython;
  wheels: readonly Wheel[];
  /** Only what is named so is added to the environment that is there; null makes it from the start. */
  onlyExtras: readonly Wheel[] | null;
}

/** What a cut left is made again. Throws as `NodeSession.run`. */
export async function makeEnvironment(session: NodeSession, plan: EnvironmentPlan): Promise<void> {
  const { from, onlyExtras } = plan;
  const wheels = onlyExtras ?? plan.wheels;
  await sendWheels(session, wheels);
  const python = `${VENV_DIR}/bin/python3`;
  const pip = `${python} -m pip install --quiet --disable-pip-version-check --no-index --find-links ${WHEELS_DIR}`;
  const libraries = from.missing;
  const alone = [...extraLibraries(wheels), ...wheels.filter((wheel) => wheel.package === OPEN_CLIP)].map((wheel) => wheel.package);
  session.log(`Installing ${[...(onlyExtras ? [] : libraries), ...alone].join(', ')} ...`);
  await session.run(
    'make the Python environment of its worker',
    [
      'umask 077',
      `rm -f ${REMEMBERED_ALLOCATOR}`,
      ...(onlyExtras ? [] : createScript(plan, python)),
      ...(onlyExtras || libraries.length === 0 ? [] : [`${pip} ${libraries.join(' ')} >&2 || exit 1`]),
      ...(alone.length === 0 ? [] : [`${pip} --no-deps ${[...new Set(alone)].join(' ')} >&2 || exit 1`]),
      `rm -rf ${WHEELS_DIR}`,
    ].join('\n'),
    { timeoutMs: INSTALL_TIMEOUT_MS },
  );
}

/** Stock images have no ensurepip: pip then comes out of its own wheel, which Python can run as it is. */
function createScript({ from, wheels }: EnvironmentPlan, python: string): string[] {
  const create = `rm -rf ${VENV_DIR} && ${shellQuote(from.path)} -m venv --system-site-packages`;
  if (from.hasPip) return [`${create} ${VENV_DIR} 2>/dev/null || { ${create} --without-pip ${VENV_DIR}; } || exit 1`];
  const pip = wheels.find((wheel) => wheel.package === 'pip');
  const file = shellQuote(`${WHEELS_DIR}/${pip?.fileName ?? ''}`);
  return [
    `${create} --without-pip ${VENV_DIR} || exit 1`,
    // The system may list a pip whose files are gone.
    `${python} ${file}/pip install --quiet --disable-pip-version-check --no-index --no-deps --ignore-installed ${file} >&2 || exit 1`,
  ];
}

async function sendWheels(session: NodeSession, wheels: readonly Wheel[]): Promise<void> {
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
}
