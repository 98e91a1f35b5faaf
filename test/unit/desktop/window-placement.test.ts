import { describe, expect, it } from 'vitest';
import {
  choosePlacement,
  displayKey,
  fitImageWindow,
  rememberPlacement,
  type WindowPlacements,
} from '../../../src/main/shells/electron/window-placement.js';

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const laptop = { id: 1, bounds: area(0, 0, 1920, 1080), workArea: area(0, 27, 1920, 1053) };
const projector = { id: 2, bounds: area(-1280, 0, 1280, 800), workArea: area(-1280, 0, 1280, 800) };
const tiny = { id: 3, bounds: area(0, 0, 800, 480), workArea: area(0, 0, 800, 480) };
const place = (change = {}) => ({ ...area(100, 100, 1200, 800), isMaximized: false, isFullScreen: false, ...change });

describe('the place of the window', () => {
  it('is the middle of the primary display at the first start', () => {
    expect(choosePlacement([], [laptop], laptop)).toEqual({ ...area(280, 113, 1360, 880), isMaximized: false, isFullScreen: false });
  });

  it('is no larger than a small display', () => {
    expect(choosePlacement([], [tiny], tiny)).toMatchObject(area(0, 0, 800, 480));
  });

  it('is where it was left, maximized or full screen as it was', () => {
    const places = rememberPlacement([], laptop, place({ isMaximized: true }));
    expect(choosePlacement(places, [laptop], laptop)).toEqual(place({ isMaximized: true }));
  });

  it('is on the display that was used last of those that are there', () => {
    let places: WindowPlacements = rememberPlacement([], laptop, place());
    places = rememberPlacement(places, projector, place({ x: -1200 }));
    expect(choosePlacement(places, [laptop, projector], laptop).x).toBe(-1200);
    expect(choosePlacement(places, [laptop], laptop).x).toBe(100);
  });

  it('is the middle again where none of its displays is there', () => {
    const places = rememberPlacement([], projector, place({ x: -1200 }));
    expect(choosePlacement(places, [laptop], laptop)).toMatchObject(area(280, 113, 1360, 880));
  });

  it.each([
    ['to the left', { x: -5000 }, { x: -1080 }],
    ['to the right', { x: 5000 }, { x: 1800 }],
    ['above', { y: -5000 }, { y: 27 }],
    ['below', { y: 5000 }, { y: 1040 }],
    ['too small', { width: 10, height: 10 }, { width: 900, height: 600 }],
    ['too large', { width: 90_000, height: 90_000 }, { width: 1920, height: 1053 }],
  ])('can be gripped when it was left %s', (_how, left, opened) => {
    expect(choosePlacement(rememberPlacement([], laptop, place(left)), [laptop], laptop)).toMatchObject(opened);
  });

  it('is kept once a display, for the eight used last', () => {
    let places: WindowPlacements = [];
    for (let width = 1; width <= 10; width++) places = rememberPlacement(places, { ...laptop, bounds: area(0, 0, width, 1) }, place());
    places = rememberPlacement(places, { ...laptop, bounds: area(0, 0, 9, 1) }, place({ x: 7 }));
    expect(places.map(({ display }) => display)).toEqual([3, 4, 5, 6, 7, 8, 10, 9].map((width) => `${width}x1+0+0`));
    expect(places.at(-1)?.place.x).toBe(7);
  });

  it('names a display by its size and where it lies', () => {
    expect(displayKey(projector)).toBe('1280x800-1280+0');
  });
});

describe('the window of an image', () => {
  it('has the image’s own size in the middle of the display', () => {
    expect(fitImageWindow(laptop.workArea, { width: 512, height: 512 })).toEqual(area(704, 297, 512, 512));
  });

  it('is made smaller by one factor where the display is smaller', () => {
    const { width, height } = fitImageWindow(laptop.workArea, { width: 4000, height: 2000 });
    expect({ width, height }).toEqual({ width: 1728, height: 864 });
  });
});
