// Words that are not used here, and what is written instead; docs/glossary.md has the terms that are. `npm run lint` holds names, texts and
// docs to it. A word leaves this list only together with its reason in the glossary.

/** Parts of names (`beginMs` has `begin` and `ms`), in lower case. */
export const NAME_PARTS = [
  ['learnt', 'learned'],
  ['anew', 'again'],
  ['whoever|nobody|somebody', 'the party that is meant, such as caller, owner or user'],
  ['yardsticks?', 'baseline'],
  ['behaviours?', 'behavior'],
  ['neighbours?', 'neighbor'],
];

/** Whole names. */
export const NAMES = [];

/** Names that keep a word of the list: of other packages, of the wire, or stored. */
export const KEPT_NAMES = ['beginAtZero', 'beginPath', 'wantedStatesMigration'];

/** Phrases in texts: strings, templates, the window's markup, and the prose of the docs. `\s+` stands for a blank. */
export const PHRASES = [
  ['learnt', 'learned'],
  ['yardsticks?', 'baseline'],
  ['explicit word', 'explicitly'],
  ['behaviours?', 'behavior'],
  ['neighbours?', 'neighbor'],
];
