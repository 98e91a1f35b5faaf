import { describe, expect, it } from 'vitest';
import { placeCard } from '../../../../src/renderer/layout/tour/place-card.js';
import { TOUR_STEPS } from '../../../../src/renderer/layout/tour/tour-steps.js';
import { TOUR_LENGTH } from '../../../../src/renderer/composables/useTour.js';

const card = { width: 320, height: 150 };
const window = { width: 1024, height: 700 };
const box = (left: number, top: number) => ({ left, top, right: left + 100, bottom: top + 30 });

describe("the tour's card", () => {
  it('is below what it points at, and ends with it', () => {
    expect(placeCard(box(600, 60), card, window)).toEqual({ left: 380, top: 100, isAnchored: true });
  });

  it('is above where there is no room below', () => {
    expect(placeCard(box(600, 600), card, window)).toEqual({ left: 380, top: 440, isAnchored: true });
  });

  it('never leaves the window', () => {
    for (const anchor of [box(0, 0), box(1000, 20), box(-50, 300), box(900, 640)]) {
      const { left, top } = placeCard(anchor, card, window);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + card.width).toBeLessThanOrEqual(window.width);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top + card.height).toBeLessThanOrEqual(window.height);
    }
  });

  it('is in the corner where there is nothing to point at, or it is scrolled away', () => {
    const corner = { left: 694, top: 506, isAnchored: false };
    expect(placeCard(null, card, window)).toEqual(corner);
    expect(placeCard(box(600, -80), card, window)).toEqual(corner);
    expect(placeCard(box(600, 900), card, window)).toEqual(corner);
  });

  it('has as many steps as are remembered', () => expect(TOUR_STEPS).toHaveLength(TOUR_LENGTH));
});
