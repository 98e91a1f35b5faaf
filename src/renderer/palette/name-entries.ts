// What the palette shows of a thing with a name, where it leads, and what else can be done with it.
import type { RouteLocationRaw } from 'vue-router';
import { type FoundName, NAMED_KIND_TITLES } from '../../shared/found-name.js';
import { quoteWord } from '../../shared/command-line.js';
import { printText } from '../../shared/query/print-query.js';
import { PAGE_OF } from '../thing-pages.js';
import type { PaletteAction, PaletteEntry } from './palette-entry.js';

export interface NameTools {
  /** The address as it stands in the window's own. */
  pathOf: (to: RouteLocationRaw) => string;
  openInNewWindow: (to: RouteLocationRaw) => void;
  copy: (text: string) => void;
}

export function entryOfName(found: FoundName, tools: NameTools): PaletteEntry {
  const to = pageOfName(found);
  const title = NAMED_KIND_TITLES[found.kind];
  return {
    key: found.kind === 'node' || found.kind === 'tag' ? `${found.kind}:${found.id}` : tools.pathOf(to),
    section: 'names',
    label: found.name,
    detail: found.of ? `${title}, ${found.of.name}` : title,
    reason: null,
    to,
    actions: actionsOf(found, to, tools),
  };
}

export function pageOfName({ kind, id, of }: FoundName): RouteLocationRaw {
  switch (kind) {
    case 'node':
      return { name: 'testbed', params: { testbedId: of?.id ?? '' }, query: { node: id } };
    case 'tag':
      return { name: 'runs', query: { q: `tag:${printText(id)}` } };
    default:
      return PAGE_OF[kind](id);
  }
}

function actionsOf(found: FoundName, to: RouteLocationRaw, { openInNewWindow, copy }: NameTools): PaletteAction[] {
  const { id } = found;
  return [
    { label: 'Open', to },
    { label: 'Open in a new window', run: () => openInNewWindow(to) },
    ...(found.kind === 'run'
      ? [
          { label: 'Compare with other runs', to: { name: 'compare', query: { runs: id } } },
          { label: 'Clone: new run with the same settings', to: { name: 'new-run', query: { from: id } } },
          { label: 'Images', to: { name: 'gallery', query: { run: id } } },
          { label: 'Export CSV, one row per task', href: `/exports/runs/${encodeURIComponent(id)}.csv` },
          { label: 'Export HTML report', href: `/exports/runs/${encodeURIComponent(id)}.html` },
        ]
      : []),
    ...(found.kind === 'series'
      ? [{ label: 'Clone: new series with the same settings', to: { name: 'new-run', query: { as: 'series', series: id } } }]
      : []),
    ...(found.kind === 'training'
      ? [{ label: 'Clone: new training with the same settings', to: { name: 'new-training', query: { from: id } } }]
      : []),
    ...commandLinesOf(found).map((line) => ({ label: `Copy CLI: ${line}`, run: () => copy(line) })),
    { label: 'Copy name', run: () => copy(found.name) },
  ];
}

/** What shows it in the terminal. */
function commandLinesOf({ kind, id }: FoundName): string[] {
  switch (kind) {
    case 'run':
    case 'series':
    case 'model':
      return [`npm run cli -- ${kind} show ${quoteWord(id)}`];
    case 'tag':
      return [`npm run cli -- history list ${quoteWord(`tag:${printText(id)}`)}`];
    default:
      return [];
  }
}
