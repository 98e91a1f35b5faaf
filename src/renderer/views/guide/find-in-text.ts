// Words found in what a page shows: within one block each (a paragraph, a row of a table), across what is bold or a link in it.

/** Where a piece of a block's text is. */
interface Piece {
  node: Text;
  /** Of its first letter in the text of its block. */
  start: number;
}

interface Block {
  pieces: Piece[];
  text: string;
}

const BLOCKS = 'p, li, h1, h2, h3, h4, pre, td, th, dt, dd, figcaption, blockquote';

/** Every place of what is typed, in the order of the page; none of what is only spaces. Case does not matter, and spaces count as one. */
export function findInText(root: HTMLElement, typed: string): Range[] {
  const sought = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (sought === '') return [];
  return listBlocks(root).flatMap((block) =>
    placesIn(block.text, sought).map((start) => rangeOf(block.pieces, start, start + sought.length)),
  );
}

/** Where `sought` starts in the text, without overlaps. */
export function placesIn(text: string, sought: string): number[] {
  const places: number[] = [];
  // A line break of the source is one space, as it is drawn.
  const folded = text.toLowerCase().replace(/\s/g, ' ');
  for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + sought.length)) places.push(at);
  return places;
}

function listBlocks(root: HTMLElement): Block[] {
  const blocks = new Map<Element, Block>();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    const element = node.parentElement?.closest(BLOCKS) ?? root;
    const block = blocks.get(element) ?? { pieces: [], text: '' };
    block.pieces.push({ node, start: block.text.length });
    block.text += node.data;
    blocks.set(element, block);
  }
  return [...blocks.values()];
}

function rangeOf(pieces: readonly Piece[], start: number, end: number): Range {
  const range = document.createRange();
  const first = pieces.findLast((piece) => piece.start <= start);
  const last = pieces.findLast((piece) => piece.start < end);
  if (first) range.setStart(first.node, start - first.start);
  if (last) range.setEnd(last.node, end - last.start);
  return range;
}
