// What keeps a specification from being run on a testbed, as sentences for the user. Pure.
import type { Dataset } from '../../shared/dataset.js';
import type { RunSpec } from '../../shared/run.js';
import type { Testbed } from '../../shared/testbed.js';

/** Problems of a specification, the most important first; empty when it can start. */
export function checkSpec(spec: RunSpec, testbed: Testbed, dataset: Dataset): string[] {
  const problems: string[] = [];
  if (testbed.nodes.length === 0) problems.push(`Testbed “${testbed.name}” has no nodes. Add one first.`);
  const notReady = testbed.nodes.filter((node) => node.provisionState !== 'ready');
  if (notReady.length > 0) {
    const names = notReady.map((node) => node.name).join(', ');
    problems.push(`Not provisioned yet: ${names}. Provision testbed “${testbed.name}” first.`);
  }
  if (spec.taskCount > dataset.promptCount && !spec.allowRepeatedPrompts) {
    problems.push(
      `|N| is ${spec.taskCount}, but dataset “${dataset.name}” has ${dataset.promptCount} prompts. ` +
        'Lower |N|, choose a larger dataset, or allow repeated prompts.',
    );
  }
  return problems;
}
