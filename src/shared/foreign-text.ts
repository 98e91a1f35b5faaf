// Names, prompts, messages and output come from anywhere: files, nodes, other programs. What is done to such text before it is shown.

/** Overrides, embeddings and isolates: each can turn around the words after it. */
const DIRECTION_CONTROLS = /[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;
/** Besides line end and tab: C0, DEL, C1, marks of direction, other line ends. */
const TERMINAL_CONTROLS = /[^\P{Cc}\n\t]|[\u{061c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/gu;
/** What JSON leaves as it is and a terminal obeys. */
const UNESCAPED_IN_JSON = /[\u{7f}-\u{9f}\u{061c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/gu;

/** Nothing in it can drive a terminal or turn its words around; line ends and tabs stay. */
export function cleanForTerminal(text: string): string {
  return text.replace(TERMINAL_CONTROLS, ' ');
}

/** As `cleanForTerminal`, on one line: for a name within a sentence or a cell. */
export function cleanLine(text: string): string {
  return cleanForTerminal(text).replace(/[\n\t]/g, ' ');
}

/** JSON with the same meaning that is safe to show on a terminal. */
export function escapeForTerminal(json: string): string {
  return json.replace(UNESCAPED_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** For a page: text that turns its neighbours around shows that it tried to. Writing from right to left as such stays as it is. */
export function withoutOverrides(text: string): string {
  return text.replace(DIRECTION_CONTROLS, '\u{fffd}');
}
