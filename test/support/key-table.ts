// The tables of keys in docs/window.md, made of the registry.
import { PAGE_KEYS } from '../../src/shared/page-keys.js';
import { COMMON_KEYS, WINDOW_COMMANDS, type KeySequence, type WindowCommand } from '../../src/shared/window-commands.js';

const print = (keys: KeySequence): string => keys.map((key) => `\`${/^\p{Lu}$/u.test(key) ? `Shift+${key}` : key}\``).join(' ');

export function makeKeyTable(): string {
  const commands: readonly WindowCommand[] = WINDOW_COMMANDS;
  const rows = [
    ...commands.flatMap(({ keys, otherKeys, label }) =>
      keys ? [[[keys, otherKeys].flatMap((one) => (one ? [print(one)] : [])).join(' or '), label]] : [],
    ),
    ...COMMON_KEYS.map(({ keys, label }) => [print(keys), label]),
    ...PAGE_KEYS.map(({ keys, labels }) => [print(keys), `In the head of a page: ${labels.join(', ')}`]),
  ];
  const table = [['Keys', 'What they do'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(table[0] ?? []), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...table.slice(1).map(line)].join('\n');
}
