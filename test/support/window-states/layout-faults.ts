// What is wrong with the layout of the page as it is now, as far as a program can see it: sideways scrolling, text that is cut without a way to
// read it, and controls that something covers or that lie outside the window.
import type { Page } from 'playwright-core';

export interface LayoutFault {
  kind: 'scrolls sideways' | 'cut text' | 'covered control' | 'outside the window' | 'two scrollbars';
  /** The element in short, with what it says. */
  where: string;
}

/** Looks at what is drawn now; wait for the page's data first. */
export function findLayoutFaults(page: Page): Promise<LayoutFault[]> {
  return page.evaluate(() => {
    /** Sizes are rounded to whole px. */
    const ROUNDING_PX = 1;
    /** Enough of the page to scroll it by, beside a list. */
    const PAGE_ROOM_PX = 160;
    const faults: LayoutFault[] = [];
    const nameOf = (element: Element): string => {
      const label = element.getAttribute('aria-label') ?? (element as HTMLElement).innerText ?? '';
      const role = element.getAttribute('role');
      return `${element.tagName.toLowerCase()}${role ? `[${role}]` : ''} “${label.trim().replaceAll(/\s+/g, ' ').slice(0, 70)}”`;
    };
    const add = (kind: LayoutFault['kind'], element: Element, more = ''): void => {
      const where = `${nameOf(element)}${more}`;
      if (!faults.some((fault) => fault.kind === kind && fault.where === where)) faults.push({ kind, where });
    };
    const isShown = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const isForReaders = (element: Element): boolean => element.clientWidth <= 1 || element.clientHeight <= 1;
    const isExplained = (element: Element): boolean => element.closest('[title], [data-full-text], [aria-describedby]') !== null;
    const ownText = (element: Element): boolean =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '');

    const all = [...document.querySelectorAll('body *')].filter(
      (element): element is HTMLElement => element instanceof HTMLElement && isShown(element) && !isForReaders(element),
    );
    for (const element of [document.documentElement, ...all]) {
      const style = getComputedStyle(element);
      const over = element.scrollWidth - element.clientWidth;
      const scrolls = ['auto', 'scroll'].includes(style.overflowX) || element === document.documentElement;
      if (scrolls && over > ROUNDING_PX && element.clientWidth > 0) add('scrolls sideways', element, ` by ${over} px`);
      const isField = element.matches('input, textarea, select');
      if (!isField && ['hidden', 'clip'].includes(style.overflowX) && over > ROUNDING_PX && ownText(element) && !isExplained(element)) {
        add('cut text', element, ` by ${over} px`);
      }
    }

    const view = document.getElementById('view');
    if (view && view.scrollHeight > view.clientHeight + ROUNDING_PX) {
      for (const element of all) {
        // What stays beside the page or over it scrolls by itself.
        if (!view.contains(element) || element === view || staysInPlace(element)) continue;
        const isInner = ['auto', 'scroll'].includes(getComputedStyle(element).overflowY);
        // A list of its own within a long page is meant; one that leaves no room for the page is not.
        const rest = view.clientHeight - element.clientHeight;
        const isFull = rest < Math.min(view.clientHeight * 0.2, PAGE_ROOM_PX);
        if (isInner && isFull && element.scrollHeight > element.clientHeight + ROUNDING_PX) {
          add('two scrollbars', element);
        }
      }
    }

    // What lies under an open layer is covered on purpose.
    const hasLayer = all.some((element) =>
      element.matches('[role="dialog"], [role="alertdialog"], [role="menu"], section[aria-label="Activity"], aside[aria-label="Tour"]'),
    );
    const controls = all.filter((element) => element.matches('button, a[href], input, select, textarea, [role="tab"], [role="switch"]'));
    for (const control of controls) {
      const box = control.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      if (box.right > innerWidth + ROUNDING_PX || box.left < -ROUNDING_PX) {
        add('outside the window', control);
        continue;
      }
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (y < 0 || y >= innerHeight || getComputedStyle(control).pointerEvents === 'none') continue;
      const top = document.elementFromPoint(x, y);
      if (hasLayer || !top || control.contains(top) || top.contains(control)) continue;
      const label = control.closest('label') ?? document.querySelector(`label[for="${CSS.escape(control.id || 'none')}"]`);
      if (label?.contains(top)) continue;
      // A bar that stays at an edge lets what is under it be scrolled into sight; a panel that floats can be put away.
      if (staysInPlace(top)) continue;
      // What is scrolled out of its box is not covered.
      const clip = clipOf(control);
      if (x < clip.left || x > clip.right || y < clip.top || y > clip.bottom) continue;
      add('covered control', control, `, under ${nameOf(top)}`);
    }
    return faults;

    function staysInPlace(element: Element): boolean {
      for (let parent: Element | null = element; parent && parent !== view; parent = parent.parentElement) {
        if (['sticky', 'fixed'].includes(getComputedStyle(parent).position) || parent.matches('aside.absolute')) return true;
      }
      return false;
    }

    function clipOf(element: Element): { left: number; right: number; top: number; bottom: number } {
      const clip = { left: 0, right: innerWidth, top: 0, bottom: innerHeight };
      for (let parent = element.parentElement; parent; parent = parent.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(parent);
        if (overflowX === 'visible' && overflowY === 'visible') continue;
        const box = parent.getBoundingClientRect();
        clip.left = Math.max(clip.left, box.left);
        clip.right = Math.min(clip.right, box.right);
        clip.top = Math.max(clip.top, box.top);
        clip.bottom = Math.min(clip.bottom, box.bottom);
      }
      return clip;
    }
  });
}
