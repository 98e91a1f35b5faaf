// Words that are not used here, and what is written instead; docs/glossary.md has the terms that are. `npm run lint` holds names, texts and
// docs to it. A word leaves this list only together with its reason in the glossary.

/** Parts of names (`beginMs` has `begin` and `ms`), in lower case. */
export const NAME_PARTS = [
  ['begins?|beginnings?|begun', 'start'],
  ['wanted', 'desired, expected or requested'],
  ['judged?|judges|judging', 'verify, validate, check or assess'],
  ['tells?|telling|told', 'send, notify, report or show'],
  ['travels?', 'connect through'],
  ['grounds?', 'context'],
  ['science', 'simulation'],
  ['learnt', 'learned'],
  ['anew', 'again'],
  ['whoever|nobody|somebody', 'the party that is meant, such as caller, owner or user'],
  ['yardsticks?', 'baseline'],
  ['behaviours?', 'behavior'],
  ['neighbours?', 'neighbor'],
  ['colours?|coloured', 'color'],
  ['utilisation', 'utilization'],
  ['recognises?|recognised|recognising', 'recognize'],
  ['summarises?|summarised', 'summarize'],
  ['authorises?|authorised', 'authorize'],
  ['licences?', 'license'],
];

/** Whole names. */
export const NAMES = [
  ['(?:MOST|LONGEST)_\\w+', 'MAX_...'],
  ['(?:LEAST|SHORTEST)_\\w+', 'MIN_...'],
  ['(?:most|longest)(?:Chars|Lines|Bytes|Mb|Ms|Sec|Count|AtOnce)', 'max...'],
  ['(?:least|shortest)(?:Chars|Lines|Bytes|Mb|Ms|Sec|Count|Value)', 'min...'],
  ['lab|\\w+Lab', 'harness'],
  ['(?:Provisioning|Testbed|Run|Package|Fault|Worker)Bench', 'harness'],
  ['isOwn(?:Worker\\w*)?', 'isLocal'],
  ['own(?:State|Identity)|OwnIdentity', 'local'],
  ['(?:Run|Peer|EdgeServer)Lines?|NodeLines', 'connection or handler'],
  ['(?:Agent|Ssh|HostKey|Window)Places?', 'endpoint or placement'],
  ['Ssh\\w*Stop', 'hop'],
  ['report(?:Fault|Faults)|WindowFaults?', 'report of an internal error'],
  ['isCancelled', 'isCanceled'],
  ['(?:[iI]s)?(?:Going|going)On|goesOn', 'isRunning, isResuming or resumes'],
];

/** Names that keep a word of the list: of other packages, of the wire, of exports, or stored. */
export const KEPT_NAMES = ['beginAtZero', 'beginPath', 'wantedStatesMigration', 'utilisation'];

/** Phrases in texts: strings, templates, the window's markup, and the prose of the docs. `\s+` stands for a blank. */
export const PHRASES = [
  ['begins?|beginnings?|begun|began', 'start'],
  ['go(?:es|ing)? on(?! each)|went on(?! each)', 'continue, resume or be in progress'],
  ['own edge server|own ES', 'local ES'],
  ['is no host', 'is not a valid host'],
  ['faults? of the program', 'internal error'],
  ['as wanted|wanted (?:states?|model|way|service)', 'desired, up to date'],
  ['told apart|not told', 'distinguished, not reported'],
  ['anew', 'again'],
  ['(?<!User )(?:whoever|nobody|somebody)(?![\'"-])', 'the caller, no one, someone, or the party that is meant'],
  ['cop(?:y|ies) of (?:a|the|this) testbeds?', 'digital twin'],
  ['one caption a line|tasks a (?:slot|second)', 'per line, per slot, per second'],
  ['colour\\w*', 'color'],
  ['utilisation', 'utilization'],
  ['recognis(?:e|es|ed|ing)', 'recognize'],
  ['licen[c]es?', 'license'],
  ['sent again', 're-sent'],
  ['(?:was|were|is|be|been) cancelled', 'canceled'],
  ['learnt', 'learned'],
  ['yardsticks?', 'baseline'],
  ['explicit word', 'explicitly'],
  ['behaviours?', 'behavior'],
  ['neighbours?', 'neighbor'],
];
