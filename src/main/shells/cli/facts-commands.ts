// `node facts`: what a node said of itself, and what changed. The other commands of `node` stand in node-commands.ts.
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { AppError } from '../../../shared/errors.js';
import { chooseReadingsToDiff, FACTS_MOMENT_TITLES, type FactsReading } from '../../../shared/facts-reading.js';
import { diffFacts, type FactChange, listFacts } from '../../../shared/list-facts.js';
import { listWorkerFacts } from '../../../shared/node-worker.js';
import type { NodeWorker } from '../../../shared/node-worker-schema.js';
import type { NodeFacts, TestbedNode } from '../../../shared/testbed.js';
import { warnAboutFacts } from '../../../shared/warn-about-facts.js';
import { chooseNode } from './choose-defaults.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import { formatTable } from './terminal.js';

interface FactsOptions extends CommonOptions {
  read: boolean;
  diff: boolean;
}

/** To be called after the commands of `node` are there: this one joins them. */
export function addFactsCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const parent = program.commands.find((command) => command.name() === 'node') ?? program.command('node').description('nodes');
  parent
    .command('facts')
    .description('what a node said of itself when it was last read')
    .argument('[node]', 'name or id; the only one where it is left out')
    .option('--read', 'read the facts now over SSH, and keep them', false)
    .option('--diff', 'what the last provisioning changed (with --read: what changed since the reading before)', false)
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<FactsOptions>();
        const core = options.read ? ({ access: 'exclusive', activity: 'nodes' } as const) : ({ access: 'read', activity: 'none' } as const);
        return withSession(options, core, async (session) => {
          const node = await chooseNode(session, nameOrId);
          if (options.read) await session.until(session.signal).facts.read({ id: node.id });
          if (options.diff) await showDiff(session, node, options);
          else await showFacts(session, node);
          return 0;
        });
      }),
    );
}

async function showFacts({ api, terminal }: Session, node: TestbedNode): Promise<void> {
  const { facts, worker } = (await api.testbeds.get({ id: node.testbedId })).nodes.find(({ id }) => id === node.id) ?? node;
  if (!facts) throw neverRead(node);
  const warnings = warnAboutFacts(facts);
  const text = worker ? `${describeFacts(facts, warnings)}\n\n${describeWorker(worker)}` : describeFacts(facts, warnings);
  terminal.result({ nodeId: node.id, facts, warnings, worker }, text);
}

/** As it was proved last, by the health check of the last provisioning. */
function describeWorker(worker: NodeWorker): string {
  const rows = listWorkerFacts(worker).map(([name, text]) => [`  ${name}`, cleanLine(text)]);
  return formatTable(['its image worker', ''], rows);
}

async function showDiff({ api, terminal }: Session, node: TestbedNode, { read }: FactsOptions): Promise<void> {
  const readings = await api.facts.history({ id: node.id });
  const chosen = read ? lastTwo(readings) : chooseReadingsToDiff(readings);
  if (readings.length === 0) throw neverRead(node);
  if (!chosen) {
    throw new AppError(
      'not-found',
      `The facts of node "${node.name}" were read only once, so there is nothing to compare.`,
      'Read them again: add --read.',
    );
  }
  const changes = diffFacts(chosen.before.facts, chosen.after.facts);
  terminal.result({ nodeId: node.id, ...chosen, changes }, describeChanges(chosen, changes));
}

function lastTwo([after, before]: readonly FactsReading[]): { before: FactsReading; after: FactsReading } | null {
  return after && before ? { before, after } : null;
}

function neverRead(node: TestbedNode): AppError {
  return new AppError('not-found', `The facts of node "${node.name}" were never read.`, 'Provision the node, or add --read.');
}

function describeFacts(facts: NodeFacts, warnings: readonly string[]): string {
  const known = listFacts(facts).flatMap(({ name, text }) => (text === null ? [] : [[name, text]]));
  const rows = [...known, ['Read', new Date(facts.readAtMs).toISOString()]];
  return [formatTable(['fact', 'value'], rows), ...warnings.map((warning) => `Warning: ${cleanLine(warning)}`)].join('\n');
}

function describeChanges({ before, after }: { before: FactsReading; after: FactsReading }, changes: readonly FactChange[]): string {
  const words = ({ moment, facts }: FactsReading): string => `${FACTS_MOMENT_TITLES[moment]}, ${new Date(facts.readAtMs).toISOString()}`;
  const table = (isLasting: boolean): string[] => {
    const rows = changes.filter((change) => change.isLasting === isLasting);
    if (rows.length === 0) return [];
    const title = isLasting ? 'Changed:' : 'Varies by the minute:';
    return [
      title,
      formatTable(
        ['  fact', 'before', 'after'],
        rows.map(({ name, before: was, after: is }) => [`  ${name}`, was ?? 'not reported', is ?? 'not reported']),
      ),
    ];
  };
  const reported = [...table(true), ...table(false)];
  return [`Before: ${words(before)}`, `After:  ${words(after)}`, ...(reported.length > 0 ? reported : ['Nothing changed.'])].join('\n');
}
