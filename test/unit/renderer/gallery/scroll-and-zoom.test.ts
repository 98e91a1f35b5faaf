import { describe, expect, it } from 'vitest';
import { MAX_SCROLL_PX, mapScroll, revealRow, rowsAt } from '../../../../src/renderer/views/gallery/scroll-map.js';
import { FIT, fitScale, panBy, scaleOf, zoomBy } from '../../../../src/renderer/views/gallery/zoom.js';

describe('a long list', () => {
  it('is as high as it is while a browser can draw it', () => {
    expect(mapScroll(5_000_000, 800)).toEqual({ heightPx: 5_000_000, ratio: 1 });
  });

  it('is mapped beyond that, with its last row at the end of the scroll bar', () => {
    const [viewportPx, rowPx, rowCount] = [800, 544, 50_000];
    const { heightPx, ratio } = mapScroll(rowPx * rowCount, viewportPx);
    expect(heightPx).toBe(MAX_SCROLL_PX);
    const endPx = (heightPx - viewportPx) * ratio;
    expect(endPx).toBeCloseTo(rowPx * rowCount - viewportPx, 3);
    expect(rowsAt(endPx, { viewportPx, rowPx, rowCount, overscan: 1 }).end).toBe(rowCount);
  });

  it('draws the rows on screen and one more on each side', () => {
    expect(rowsAt(1000, { viewportPx: 400, rowPx: 100, rowCount: 50, overscan: 1 })).toEqual({ start: 9, end: 15 });
    expect(rowsAt(0, { viewportPx: 400, rowPx: 100, rowCount: 2, overscan: 1 })).toEqual({ start: 0, end: 2 });
    expect(rowsAt(0, { viewportPx: 400, rowPx: 0, rowCount: 0, overscan: 1 })).toEqual({ start: 0, end: 0 });
  });

  it('moves no more than a row needs to be seen', () => {
    const view = { viewportPx: 400, rowPx: 100 };
    expect([revealRow(2, 100, view), revealRow(0, 100, view), revealRow(7, 100, view)]).toEqual([100, 0, 400]);
  });
});

describe('zoom', () => {
  const picture = { widthPx: 512, heightPx: 512 };
  const stage = { widthPx: 1024, heightPx: 800 };

  it('fits the stage', () => {
    expect(fitScale(picture, stage)).toBeCloseTo(800 / 512);
    expect(fitScale({ widthPx: 10, heightPx: 10 }, stage)).toBe(4);
  });

  it('keeps the point under the pointer where it is', () => {
    const at = { x: 100, y: -50 };
    const first = zoomBy({ scale: 4, x: 0, y: 0 }, 1, { picture, stage });
    const zoomed = zoomBy(first, 2, { picture, stage, at });
    const pointOf = (zoom: typeof zoomed, px: number, from: 'x' | 'y'): number => (px - zoom[from]) / scaleOf(zoom, picture, stage);
    expect(pointOf(zoomed, at.x, 'x')).toBeCloseTo(pointOf(first, at.x, 'x'));
    expect(pointOf(zoomed, at.y, 'y')).toBeCloseTo(pointOf(first, at.y, 'y'));
  });

  it('loses no picture outside the stage', () => {
    expect(panBy({ scale: 4, x: 0, y: 0 }, 99_999, -99_999, picture, stage)).toEqual({ scale: 4, x: 512, y: -624 });
    expect(panBy(FIT, 50, 50, picture, stage)).toEqual(FIT);
    expect(zoomBy(FIT, 0.0001, { picture, stage }).scale).toBe(0.05);
  });
});
