// F6 goes from region to region of the window: where the focus starts in each is what one does there first.
const SELECTOR = '[data-region], main aside[aria-label]';

/** Gives the focus to the region after (or before) the one that has it. */
export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(SELECTOR)].filter((region) => region.checkVisibility());
  if (regions.length === 0) return;
  // An inspector is inside the view: the innermost region is the one that has the focus.
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = at < 0 ? (step === 1 ? 0 : regions.length - 1) : (at + step + regions.length) % regions.length;
  focusStart(regions[next]);
}

function focusStart(region: HTMLElement | undefined): void {
  if (!region) return;
  const start = region.querySelector<HTMLElement>('[aria-current="page"]:is(a, button)') ?? region;
  if (!start.hasAttribute('tabindex') && start === region) region.tabIndex = -1;
  start.focus();
}
