import { shortenMiddle } from '../../shared/shorten-name.js';

/** The name, or as much of it as is at most `widthPx` wide on the canvas: its middle is cut out. */
export function fitName(context: Pick<CanvasRenderingContext2D, 'measureText'>, name: string, widthPx: number): string {
  let limit = Array.from(name).length;
  let fitted = name;
  while (limit > 3 && context.measureText(fitted).width > widthPx) fitted = shortenMiddle(name, --limit);
  return fitted;
}
