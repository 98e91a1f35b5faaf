// Nodes as fast as someone says, to see what a policy makes of them without making a testbed. Pure.
import type { TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { AppError } from '../../../../shared/errors.js';

/** As far as nodes of virtual testbeds go. */
const MAX_SPEED = 100;

/**
 * The nodes with other speeds on record: each so many times as fast as the first of them, which stations know.
 * @param speeds one for each node, above 0, at most 100
 * Throws `invalid-input` naming what is not, or how many there are to be.
 */
export function withStatedSpeeds(nodes: TestbedConfig['nodes'], speeds: readonly number[]): TestbedConfig['nodes'] {
  const wrong = speeds.findIndex((speed) => !(speed > 0 && speed <= MAX_SPEED));
  if (wrong >= 0) {
    throw new AppError(
      'invalid-input',
      `Speed ${wrong + 1} is ${speeds[wrong]}: a speed lies above 0 and is at most ${MAX_SPEED}`,
      'Each says how many times as fast as the first node of the testbed a node is, such as 1,1,1,0.7,0.5.',
    );
  }
  if (speeds.length !== nodes.length) {
    throw new AppError(
      'invalid-input',
      `${speeds.length} ${speeds.length === 1 ? 'speed is' : 'speeds are'} stated for ${nodes.length} nodes`,
      'State one for each node, or name a testbed of as many nodes with --testbed.',
    );
  }
  const { fixedSec, secPerStep } = nodes[0]!;
  return speeds.map((speed) => ({ fixedSec: fixedSec / speed, secPerStep: secPerStep / speed }));
}
