// Whether torch computes on the device's GPU, by a product of matrices in half precision there. Neither its name, nor the version of CUDA in it,
// nor `is_available()` says so: wheels for other GPUs answer yes to all of them and fail at the first kernel.
import { z } from 'zod';
import type { StepFinding } from '../../../../../shared/provisioning.js';
import type { NodeFacts } from '../../../../../shared/testbed.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import { LIBRARIES_ALONE } from '../../facts/python-probe.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { blocked } from '../provision-step.js';
import { LAUNCHER } from './launcher.js';

/** Real ms: loading torch from a slow card, and CUDA's first start. */
const PROOF_TIMEOUT_MS = 300_000;
const SIZE = 512;

/** Prints one JSON line. Torch leaves a folder for compiling; it is removed. */
const PROOF = `${LIBRARIES_ALONE}
import json, os, shutil, tempfile
cache = os.environ["TORCHINDUCTOR_CACHE_DIR"] = tempfile.mkdtemp(prefix="dedgeai-torch-")
told = {"version": None, "cuda": None, "problem": None}
try:
    import torch
    told["version"], told["cuda"] = torch.__version__, torch.version.cuda
    one = torch.ones(${SIZE}, ${SIZE}, device="cuda", dtype=torch.half)
    sum = (one @ one)[0, 0].item()
    if sum != ${SIZE}:
        told["problem"] = "a product of matrices came out as %r and not as ${SIZE}" % sum
except BaseException as error:
    told["problem"] = "%s: %s" % (type(error).__name__, (str(error).strip().splitlines() or [""])[0])
shutil.rmtree(cache, ignore_errors=True)
print(json.dumps(told))`;

const reported = z.object({
  version: z.string().max(200).nullable(),
  cuda: z.string().max(200).nullable(),
  problem: z.string().max(2000).nullable(),
});

/** Whether the device is one whose GPU is to be used. */
export function hasGpu({ jetpack, gpuName }: Pick<NodeFacts, 'jetpack' | 'gpuName'>): boolean {
  return jetpack !== null || gpuName !== null;
}

/** Null where the kernel ran, or where there is no GPU to run it on; else why not, with the remedy. Loads torch. */
export async function proveTorch(session: NodeSession): Promise<StepFinding | null> {
  if (!hasGpu(session.facts)) return null;
  const command = `exec ~/${INSTALL_DIR}/worker/${LAUNCHER} -B - <<'END_OF_PROOF' 2>/dev/null\n${PROOF}\nEND_OF_PROOF`;
  const { stdout } = await session.attempt(command, { timeoutMs: PROOF_TIMEOUT_MS });
  const answer = parse(stdout.trim().split('\n').at(-1) ?? '');
  if (answer?.problem === null) return null;
  const problem = printable(answer?.problem ?? 'it gave no answer', 200);
  const name = answer?.version ? `its torch ${printable(answer.version)} (CUDA ${printable(answer.cuda ?? 'none')})` : 'its torch';
  return blocked(`${name} can't compute on the GPU: ${problem}.`, remedyFor(problem));
}

function remedyFor(problem: string): string {
  const missing = /lib(cudss|cusparseLt|cupti|openblas|cudart|cudnn)[\w.-]*\.so/.exec(problem)?.[1];
  switch (missing) {
    case 'cudss':
      return 'Put the wheel of nvidia-cudss-cu12 into wheels of the data folder (wheels fetch does), then apply again.';
    case 'cusparseLt':
      return 'Put the wheel of nvidia-cusparselt-cu12 into wheels of the data folder (wheels fetch does), then apply again.';
    case 'cupti':
      return 'Put the wheel of nvidia-cuda-cupti-cu12 into wheels of the data folder (wheels fetch does), then apply again.';
    case 'openblas':
      return 'Install there: sudo apt-get install libopenblas0-pthread';
    case 'cudart':
    case 'cudnn':
      return 'Jetson Linux was flashed without its components. Install there: sudo apt-get install nvidia-jetpack';
    default:
      return "Use the torch that was built for this device's JetPack: npm run cli -- wheels fetch, then remove the environment (provision --remove) and apply again (docs/worker.md).";
  }
}

function parse(line: string): z.infer<typeof reported> | null {
  try {
    return reported.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
