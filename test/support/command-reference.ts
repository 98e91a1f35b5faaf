// docs/cli.md, made from the tree of commander: the program's own help as one page of Markdown. Pure but for the formatter's settings.
import { format, resolveConfig } from 'prettier';
import type { Argument, Command, Option } from 'commander';
import { EXIT_STATUSES } from '../../src/main/shells/cli/exit-statuses.js';

/** Makes the page again. */
export const MAKE_REFERENCE_COMMAND = 'npm run docs:cli';

/** Where a group of commands is explained, beside its help. */
const PAGES: Readonly<Record<string, readonly (readonly [title: string, path: string])[]>> = {
  path: [['from five Jetsons to Table V', 'from-jetson-to-table-v.md']],
  testbed: [['from five Jetsons to Table V', 'from-jetson-to-table-v.md']],
  node: [
    ['from five Jetsons to Table V', 'from-jetson-to-table-v.md'],
    ['whom agents let in', 'agent-security.md'],
  ],
  secret: [['secrets of nodes', 'adr/0012-secrets-of-nodes.md']],
  provision: [['provisioning', 'provisioning.md']],
  dataset: [['datasets', 'datasets.md']],
  run: [
    ['whether figures hold', 'validity.md'],
    ['learned runs', 'learned-runs.md'],
  ],
  model: [
    ['models', 'models.md'],
    ['the image worker', 'worker.md'],
  ],
  wheels: [['the image worker', 'worker.md']],
  calibrate: [['the image worker', 'worker.md#how-long-and-how-much']],
  train: [
    ['method', 'method.md#training'],
    ['learning', 'learning.md'],
    ['beyond the paper', 'beyond-the-paper.md'],
  ],
  policy: [['learned runs', 'learned-runs.md']],
  evaluate: [
    ['method', 'method.md'],
    ['on unseen arrivals', 'learning.md#on-unseen-arrivals'],
  ],
  study: [
    ['studies', 'studies.md'],
    ['claims', 'claims.md'],
  ],
  series: [['series', 'series.md']],
  jobs: [['jobs', 'jobs.md']],
  notifications: [['notifications', 'notifications.md']],
  data: [['the data folder', 'data.md']],
  compare: [['from five Jetsons to Table V', 'from-jetson-to-table-v.md#compare-and-export']],
  log: [['log and diagnostics', 'adr/0024-log-and-diagnostics.md']],
  diagnostics: [['log and diagnostics', 'adr/0024-log-and-diagnostics.md']],
};

const DATA_FOLDER =
  'the folder that the variable DEDGEAI_DATA names, else `~/.local/share/dedgeai-control-center` (Linux), ' +
  '`~/Library/Application Support/dedgeai-control-center` (macOS) or `%APPDATA%\\dedgeai-control-center` (Windows)';

/** The page, formatted as `npm run format` leaves it. `path` is the file that it is for. */
export async function makeCommandReference(program: Command, path: string): Promise<string> {
  const commands = program.commands.flatMap((group) => [group, ...group.commands]);
  const parts = [
    introduction(),
    ['## All commands', table(['Command', 'Does'], commands.filter(isCallable).map(overviewRow))].join('\n\n'),
    ...program.commands.flatMap((group) => [
      describeGroup(group),
      ...[group, ...group.commands].filter((command) => isCallable(command) && command !== group).map(describeCommand),
    ]),
  ];
  return format(parts.join('\n\n'), { ...(await resolveConfig(path)), filepath: path });
}

function introduction(): string {
  return `# The command line

\`npm run cli -- COMMAND\`, or \`bin/dedgeai.mjs COMMAND\`, after one \`npm start\` or \`npm run build\`. This page is made from the program's own
help by \`${MAKE_REFERENCE_COMMAND}\`; \`COMMAND --help\` prints the same. While a window is open on the data folder, a command uses that
window's core. Nodes, testbeds, models and datasets are named by their name or id; where one may be left out, the only one there is is
taken, else the one used last, and that is said. What is to be removed is always named.

Every command has these options:

${table(
  ['Option', 'Meaning'],
  [
    ['`--data <folder>`', `data folder; default: ${DATA_FOLDER}`],
    ['`--json`', 'one JSON document on standard output; progress, remarks and errors go to standard error'],
    ['`--vault-passphrase-stdin`', 'the first line of standard input unlocks the vault with the secrets'],
    ['`-h`, `--help`', 'its help'],
  ],
)}

## Exit statuses

${table(
  ['Status', 'Meaning'],
  EXIT_STATUSES.map(({ status, meaning }) => [String(status), meaning]),
)}

5 means that some of it worked and is kept: a node of several, a task of a run, a line of a list. With \`--json\` an error is
\`{"error": {"code", "message", "hint"}}\` on standard output.`;
}

function overviewRow(command: Command): string[] {
  const name = nameOf(command);
  return [`[\`${name}\`](#${name.replaceAll(' ', '-')})`, escapeCell(command.description())];
}

function describeGroup(group: Command): string {
  const pages = (PAGES[group.name()] ?? []).map(([title, path]) => `[${title}](${path})`).join(', ');
  const more = pages === '' ? [] : [`More: ${pages}.`];
  if (!isCallable(group)) return [`## ${nameOf(group)}`, sentence(group.description()), ...more].join('\n\n');
  return [`## ${nameOf(group)}`, ...bodyOf(group), ...more].join('\n\n');
}

function describeCommand(command: Command): string {
  return [`### ${nameOf(command)}`, ...bodyOf(command)].join('\n\n');
}

function bodyOf(command: Command): string[] {
  const help = command.createHelp();
  const usage = help.commandUsage(command).replace(/^dedgeai /, '');
  const args = help.visibleArguments(command).map((argument) => [code(termOf(argument)), escapeCell(help.argumentDescription(argument))]);
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => !COMMON_OPTIONS.includes(long ?? ''))
    .map((option) => [code(help.optionTerm(option)), escapeCell(meaningOf(option, help.optionDescription(option)))]);
  const rows = [...args, ...options];
  const after = textAfterHelp(command);
  return [
    sentence(command.description()),
    `\`\`\`\n${usage}\n\`\`\``,
    ...(rows.length > 0 ? [table(['Argument or option', 'Meaning'], rows)] : []),
    ...(after === '' ? [] : [escapeText(after)]),
  ];
}

/** As the usage has it: `<model>`, `[testbed]`, `<ids...>`. */
function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** The help's words, without the defaults that say nothing, and with what the help leaves to an error. */
function meaningOf({ mandatory }: Option, description: string): string {
  return description.replace(/ ?\(default: (?:false|\[\])\)$/, '') + (mandatory ? ' (required)' : '');
}

const COMMON_OPTIONS = ['--data', '--json', '--vault-passphrase-stdin', '--help'];

/** What `addHelpText('after', ...)` adds, which no function of the helper returns. */
function textAfterHelp(command: Command): string {
  let printed = '';
  command.configureOutput({ writeOut: (text) => (printed += text) });
  command.outputHelp();
  return printed.slice(command.helpInformation().length).trim();
}

/** Whether it does something itself; a group like `node` only has commands. */
function isCallable(command: Command): boolean {
  return command.commands.length === 0 || command.options.length > 0;
}

function nameOf(command: Command): string {
  const parent = command.parent;
  return parent?.parent ? `${parent.name()} ${command.name()}` : command.name();
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return escapeText(first.endsWith('.') ? first : `${first}.`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function escapeCell(text: string): string {
  return escapeText(text).replaceAll('|', '\\|');
}

function escapeText(text: string): string {
  return text.replace(/[\\<*]/g, '\\$&');
}
