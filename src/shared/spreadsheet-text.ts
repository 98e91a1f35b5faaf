/** What makes a spreadsheet take a text for a formula; full-width forms too. */
const FORMULA_SIGN = String.raw`[=+\-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}]`;
const AT_THE_START = new RegExp(String.raw`^(?=\s*${FORMULA_SIGN}|[\t\r])`, 'u');
/** A spreadsheet may cut a file at these instead of commas (many countries write decimals with a comma), and take what follows for a cell. */
const AFTER_A_SEPARATOR = new RegExp(String.raw`([;\t\r\n|])(?=[\s"]*${FORMULA_SIGN})`, 'gu');

/** The text with an apostrophe wherever a spreadsheet would start a formula: at its start, and after what could end a cell. */
export function defuseFormulas(text: string): string {
  return text.replace(AT_THE_START, "'").replace(AFTER_A_SEPARATOR, "$1'");
}
