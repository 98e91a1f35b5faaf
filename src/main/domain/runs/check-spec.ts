// What keeps a specification from being run on a testbed, as sentences for the user. Pure.
import type { Dataset } from '../../../shared/dataset.js';
import { formatCount } from '../../../shared/format.js';
import type { RunSpec } from '../../../shared/run.js';
import { nodesInUse } from '../../../shared/node-use.js';
import type { Testbed } from '../../../shared/testbed.js';
import { isConsiderate } from '../../../shared/scheduling-settings.js';
import { isForAnyTestbed, schedulesRuns, type Training } from '../../../shared/training.js';

/** The training that a learned policy is taken from, as far as it matters here. */
export type PolicySource = Pick<Training, 'id' | 'spec' | 'checkpointEpisodes'>;

/**
 * Problems of a specification, the most important first; empty when it can start.
 * @param findTraining null where there is none of that id
 */
export function checkSpec(
  spec: RunSpec,
  testbed: Testbed,
  dataset: Dataset,
  findTraining: (id: string) => PolicySource | null = () => null,
): string[] {
  const problems: string[] = [];
  const nodes = nodesInUse(testbed);
  if (testbed.nodes.length === 0) problems.push(`Testbed “${testbed.name}” has no nodes. Add one first.`);
  else if (nodes.length === 0) problems.push(`Every node of testbed “${testbed.name}” is excluded. Include one first.`);
  const notReady = nodes.filter((node) => node.provisionState !== 'ready');
  if (notReady.length > 0) {
    const names = notReady.map((node) => node.name).join(', ');
    problems.push(`Not provisioned yet: ${names}. Provision testbed “${testbed.name}” first.`);
  }
  if (spec.taskCount > dataset.promptCount && !spec.allowRepeatedPrompts) {
    problems.push(
      `|N| is ${formatCount(spec.taskCount)}, but dataset “${dataset.name}” has ${formatCount(dataset.promptCount)} prompts. ` +
        'Lower |N|, choose a larger dataset, or allow repeated prompts.',
    );
  }
  if (spec.strength !== undefined && dataset.pictureCount === 0) {
    problems.push(
      `Image-to-image needs pictures, and dataset “${dataset.name}” has captions alone. ` +
        'Import a folder of pairs (pictures with metadata.csv or metadata.jsonl), or run text-to-image.',
    );
  }
  if (spec.strength !== undefined && spec.scheduler === 'learned') {
    problems.push('Learned policies are trained on prompts, and know no input of the size of a picture. Choose another scheduler.');
  }
  if (spec.consideration !== undefined && !isConsiderate(spec.scheduler)) {
    problems.push('The consideration k is a setting of considerate completion alone. Leave it out, or choose that scheduler.');
  }
  if (spec.scheduler === 'learned') {
    problems.push(...checkPolicySource(spec.trainingId === undefined ? null : findTraining(spec.trainingId), testbed));
  }
  return problems;
}

function checkPolicySource(training: PolicySource | null, testbed: Testbed): string[] {
  if (training === null) return ['The learned policy needs a training. Choose one that was made in the digital twin of this testbed.'];
  const { id, spec, checkpointEpisodes } = training;
  const remedy = `Train one in the digital twin of testbed “${testbed.name}”.`;
  if (!schedulesRuns(spec.method))
    return [`Training ${id} is one of PRICE-TS, which has no slots to go by in a run. Choose another method's.`];
  if (!spec.twin)
    return [`Training ${id} was not made in the digital twin of a testbed, so its edge servers are none of these nodes. ${remedy}`];
  if (isForAnyTestbed(spec)) return checkpointEpisodes === 0 ? [noCheckpoint(id)] : [];
  if (spec.twin.testbedId !== testbed.id) return [`Training ${id} was made for testbed “${spec.twin.testbedName}”. ${remedy}`];
  const names = nodesInUse(testbed).map((node) => node.name);
  if (names.join('\n') !== spec.twin.nodeNames.join('\n')) {
    const excluded = testbed.nodes.flatMap(({ name, isExcluded }) =>
      isExcluded === true && spec.twin?.nodeNames.includes(name) ? [name] : [],
    );
    if (excluded.length > 0) return [`Training ${id} was made with ${excluded.join(', ')}, now excluded. Include it, or: ${remedy}`];
    return [`The nodes are no longer those that training ${id} was made for. ${remedy}`];
  }
  if (checkpointEpisodes === 0) return [noCheckpoint(id)];
  return [];
}

function noCheckpoint(id: string): string {
  return `Training ${id} has no checkpoint yet. Wait for its first one.`;
}

/** Networks of one station each were measured with up to so many nodes, and failed with so many. */
const STATION_NETWORKS = { measured: 5, failed: 10 };
/** One network for all was measured with up to so many. */
const SHARED_NETWORK_MEASURED = 20;

/** What is known of a policy with so many nodes, or not known. docs/learned-runs.md has the measurements. */
export function warnAboutPolicy({ spec }: Pick<PolicySource, 'spec'>, nodes: number): string[] {
  if (isForAnyTestbed(spec)) {
    if (nodes <= SHARED_NETWORK_MEASURED) return [];
    return [`The learned policy was measured with up to ${SHARED_NETWORK_MEASURED} nodes, not with ${nodes}.`];
  }
  const remedy = 'Train one whose network is shared by the servers.';
  if (nodes >= STATION_NETWORKS.failed) {
    return [`Networks of one station each do not carry ${nodes} nodes: with ${STATION_NETWORKS.failed} they leave nodes idle. ${remedy}`];
  }
  if (nodes > STATION_NETWORKS.measured) {
    return [`Networks of one station each were measured with up to ${STATION_NETWORKS.measured} nodes, not with ${nodes}. ${remedy}`];
  }
  return [];
}
