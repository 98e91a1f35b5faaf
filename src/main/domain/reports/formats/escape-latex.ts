// Text as LaTeX prints it, whatever it says: no command, no comment, no ligature, and no character that the engine does not know.

const SPECIALS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  "'": '\\textquotesingle{}',
  '`': '\\textasciigrave{}',
  // Alone, so that two or three of them stay two or three.
  '-': '{-}',
  '[': '{[}',
  ']': '{]}',
  '–': '\\textendash{}',
  '—': '\\textemdash{}',
  '…': '\\textellipsis{}',
  '“': '\\textquotedblleft{}',
  '”': '\\textquotedblright{}',
  '‘': '\\textquoteleft{}',
  '’': '\\textquoteright{}',
  '±': '\\textpm{}',
  '×': '\\texttimes{}',
  '·': '\\textperiodcentered{}',
  µ: '\\textmu{}',
  '°': '\\textdegree{}',
  '\u{a0}': '~',
};
/** Longer words may be broken anywhere, as no dictionary knows them. */
const MAX_UNBROKEN = 24;
const BREAK_EVERY = 8;

/** On one line: a line end, which could end a paragraph or a command's argument, becomes a space. */
export function escapeLatex(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .split(' ')
    .map((word) => {
      const characters = Array.from(word);
      if (characters.length <= MAX_UNBROKEN) return characters.map(escapeCharacter).join('');
      return characters
        .map((each, index) => escapeCharacter(each) + (index % BREAK_EVERY === BREAK_EVERY - 1 ? '\\allowbreak{}' : ''))
        .join('');
    })
    .join(' ');
}

/** ASCII and the letters of Latin-1 are in every font with T1; what is not goes by its number (`\dedgeaichar` of the preamble). */
function escapeCharacter(character: string): string {
  const special = SPECIALS[character];
  if (special !== undefined) return special;
  if (/[ -~\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{ff}]/u.test(character)) return character;
  return `\\dedgeaichar{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`;
}

/** Lines of code: indentation and line ends stay. */
export function escapeLatexCode(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      return `\\mbox{}${'~'.repeat(indent)}${escapeLatex(line.trim())}`;
    })
    .join('\\\\\n');
}
