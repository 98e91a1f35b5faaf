// The focus never falls to the page: where what has it is taken away or disabled and nothing else takes it, it goes to what is nearest and
// still there, and back to a button that was disabled only for a while.
import { useEventListener, useMutationObserver } from '@vueuse/core';

const LAYER = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
const TABBABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';
/** Farther away than these, what is found has nothing to do with what was left. */
const BOUNDARY = 'main, nav, footer, body, [data-region]';

/** An element with what it was in, from inside out: once it is gone, no one knows any more. */
interface Place {
  element: HTMLElement;
  ancestors: readonly HTMLElement[];
}

/** Once per window. `focusHeading` is where the focus goes when nothing near is left. */
export function useFocusGuard(focusHeading: () => void): void {
  let last: Place | null = null;
  /** The last outside of dialogs and menus, to which a layer that goes hands back. */
  let lastInPage: Place | null = null;
  let displaced: { from: HTMLElement; to: Element | null } | null = null;

  useEventListener(document, 'focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    last = placeOf(target);
    if (!target.closest(LAYER)) lastInPage = last;
    if (displaced && target !== displaced.to) displaced = null;
  });
  useEventListener(document, 'focusout', () => setTimeout(check));
  useMutationObserver(document.body, () => setTimeout(check), { childList: true, subtree: true, attributeFilter: ['disabled'] });

  function check(): void {
    const { activeElement } = document;
    if (displaced && activeElement === displaced.to && isUsable(displaced.from)) {
      const { from } = displaced;
      displaced = null;
      from.focus();
      return;
    }
    const isLost = activeElement === null || activeElement === document.body || activeElement.matches(':disabled');
    if (!last || !isLost) return;
    if (isUsable(last.element)) {
      // A click beside everything: the focus was given up, not lost.
      last = null;
      return;
    }
    const left = last;
    last = null;
    // Of a dialog that is gone nothing is left but the page that it stood over.
    focusNear(left.ancestors.some((ancestor) => ancestor.isConnected && !ancestor.matches('html, body')) ? left : (lastInPage ?? left));
    if (left.element.isConnected) displaced = { from: left.element, to: document.activeElement };
  }

  function focusNear({ element, ancestors }: Place): void {
    if (isUsable(element)) {
      element.focus();
      return;
    }
    for (const ancestor of ancestors) {
      if (!ancestor.isConnected) continue;
      // What holds the heading too is the view: its start is the heading.
      if (ancestor.matches(BOUNDARY) || ancestor.querySelector('h1')) break;
      const near = [...ancestor.querySelectorAll<HTMLElement>(TABBABLE)].find(isUsable);
      if (!near) continue;
      near.focus({ preventScroll: true });
      return;
    }
    focusHeading();
  }
}

function placeOf(element: HTMLElement): Place {
  const ancestors: HTMLElement[] = [];
  for (let parent = element.parentElement; parent; parent = parent.parentElement) ancestors.push(parent);
  return { element, ancestors };
}

function isUsable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled') && element.checkVisibility();
}
