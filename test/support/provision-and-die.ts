// A program that provisions one node and is killed in the middle of a step, as `kill -9` does it: in a process of its own, so that nothing
// of it gets to clean up. Arguments: data folder, agent bundle, testbed, node, step.
import type { ProvisionStepName } from '../../src/shared/provisioning.js';
import { openProvisioningServices } from './provisioning-services.js';

const [dataDir = '', bundlePath = '', testbedId = '', nodeId = '', stepName = ''] = process.argv.slice(2);
/** Dies with the second command of the step under way on the node, or with its end where it sends fewer. */
const DEADLY_COMMAND = 2;
let runningStep: ProvisionStepName | null = null;
let commandsOfStep = 0;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const services = await openProvisioningServices({
  hostEntryPath: '/nonexistent',
  bundlePath,
  dataDir,
  // Anyone who prepared the folder has it open still.
  overrides: { isWithoutLock: true },
  onExec: () => {
    if (runningStep !== stepName) return;
    commandsOfStep++;
    // The command is on its way, its answer is not back.
    if (commandsOfStep === DEADLY_COMMAND) setImmediate(die);
  },
});
const started = services.provisioning.start({ testbedId, nodeIds: [nodeId], acceptNewHostKeys: true });
for await (const { nodes } of services.provisioning.watch(started.id, new AbortController().signal)) {
  const steps = nodes[0]?.steps ?? [];
  runningStep = steps.find(({ state }) => state === 'running')?.name ?? null;
  const own = steps.find(({ name }) => name === stepName);
  if (own && own.state !== 'queued' && own.state !== 'running') die();
}
